"""Answers requests with a command-line program: no shell, and a private folder per request."""

import codecs
import os
import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Final, Literal

import msgspec

from spaces_protocol.limits import MAX_FILES
from spaces_worker._errors import FunctionError, UserError
from spaces_worker._files.file_names import natural_order
from spaces_worker._files.input_files import InputFile
from spaces_worker._functions.context import RequestContext
from spaces_worker._functions.result import Result
from spaces_worker._log import RequestLog, wing_logger
from spaces_worker.adapters._accepted_files import AcceptedFiles
from spaces_worker.adapters._command_template import CommandTemplate, Paths
from spaces_worker.adapters._process import Process

_SECRETS: Final = frozenset({"SPACES_TOKEN"})
_TEMPORARY: Final = ("TMPDIR", "TEMP", "TMP")
"""Variables that name the folder for temporary files; Windows reads the last two."""
Stdin = Literal["prompt", "none"]
"""What a program reads on its standard input."""

_logger: Final = wing_logger(__name__)


class CommandLine:
    """Runs a program for each request, streams its output and returns the files it creates.

    Args:
        command: the program and its arguments, quoted as for a shell; see `CommandTemplate`.
        stdin: what the program reads on its standard input. By default the prompt, but nothing if
            the command names the prompt or the files: many programs take keys there, such as
            ffmpeg, which stops at a ``q``.
        accept: media types of the files that the program takes; see `AcceptedFiles`.

    Raises:
        SettingsError: the command or a type is invalid.
    """

    def __init__(
        self, command: str, *, stdin: Stdin | None = None, accept: Sequence[str] | None = None
    ) -> None:
        self._template = CommandTemplate(command)
        self._accepted = AcceptedFiles(accept)
        self._stdin: Stdin = stdin or ("none" if self._template.names_input else "prompt")

    def check_program(self) -> None:
        """Raise unless the program can be started in this folder and environment.

        Raises:
            FunctionError: it is not found or not executable; the text says which.
        """
        program = self._template.program
        if program is None or shutil.which(program, path=_search_path()) is not None:
            return
        if os.sep in program and Path(program).is_file():
            raise FunctionError(
                f"The program {program!r} is not executable. Change its mode with chmod +x."
            )
        raise FunctionError(f"The program {program!r} is not found. Check its name and PATH.")

    async def __call__(self, context: RequestContext) -> AsyncIterator[str | Result]:
        """Yield the output of the program, then its files.

        Cancelling the request ends the program and everything that it started.
        """
        paths = await self._paths_of(context)
        process = Process(
            self._template.filled(paths),
            stdin=Path(paths["prompt_file"][0]) if self._stdin == "prompt" else None,
            variables=_variables(context),
        )
        try:
            async with process:
                async for text in _texts(process.output()):
                    yield text
                code = await process.exit_code()
                if process.left_output_open:
                    RequestLog(_logger, context.request_id).info(
                        "the command has exited, but something that it started still has its "
                        "output open; the answer ends here."
                    )
        except OSError as error:
            raise _failed(context, f"cannot be started: {error}") from error
        if code != 0:
            raise _failed(context, f"ended with {code}: {process.last_error}")
        yield Result(files=_files_in(Path(paths["output_dir"][0])))

    async def _paths_of(self, context: RequestContext) -> Paths:
        prompt, params = context.folder / "prompt.txt", context.folder / "params.json"
        output = context.folder / "output"
        prompt.write_text(context.prompt, encoding="utf-8", newline="")
        params.write_bytes(msgspec.json.encode(context.params))
        output.mkdir()
        return {
            "prompt_file": [str(prompt)],
            "params_file": [str(params)],
            "output_dir": [str(output)],
            "files": [str(await self._checked(file)) for file in context.files],
        }

    async def _checked(self, file: InputFile) -> Path:
        path = await file.download()
        self._accepted.check(file.name, file.content_type, path)
        return path


def _search_path() -> str:
    """Return the folders in which a started program is looked up."""
    return os.pathsep.join(os.get_exec_path())


def _variables(context: RequestContext) -> Mapping[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _SECRETS}
    return {**kept, **dict.fromkeys(_TEMPORARY, str(context.folder))}


async def _texts(pieces: AsyncIterator[bytes]) -> AsyncIterator[str]:
    """Yield the output as text, without splitting characters."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
    async for piece in pieces:
        if text := decoder.decode(piece):
            yield text
    if rest := decoder.decode(b"", final=True):
        yield rest


def _files_in(folder: Path) -> list[Path]:
    """Return the files that the program created, by name, page-2 before page-10.

    Symbolic links are ignored.
    """
    paths = sorted(folder.rglob("*"), key=natural_order)
    found = [path for path in paths if path.is_file() and not path.is_symlink()]
    if len(found) > MAX_FILES:
        _logger.warning(
            "The program created %d files; the first %d are sent.", len(found), MAX_FILES
        )
    return found[:MAX_FILES]


def _failed(context: RequestContext, text: str) -> UserError:
    RequestLog(_logger, context.request_id).error("the command %s", text)
    return UserError("The program failed on this request.", error_type="program_failed")
