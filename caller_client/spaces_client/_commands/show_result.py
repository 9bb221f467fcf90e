"""Writes a result: its text, or its data, and its files."""

import contextlib
import itertools
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import click
import msgspec

from spaces_client._commands.terminal import one_line, printable, say, size, styled, write_json
from spaces_client._core.file_names import safe_name
from spaces_client._errors import RequestCancelled, RequestFailed, RequestTimedOut, UsageError
from spaces_client._result import Result
from spaces_client._sync.files import File

_STATES: Final = {RequestTimedOut: "TIMED_OUT", RequestCancelled: "CANCELLED"}


def is_terminal() -> bool:
    """Return whether people read the output directly."""
    return sys.stdout.isatty()


def write_text(text: str) -> None:
    """Write a piece of an answer; on a terminal, nothing in it may control the terminal."""
    click.echo(printable(text) if is_terminal() else text, nl=False)


def end_text(text: str) -> None:
    """End the line of an answer."""
    if text and not text.endswith("\n"):
        click.echo()


def write_answer(result: Result[File]) -> None:
    """Write the text of a result, or its data if it has no text."""
    if result.text:
        write_text(result.text)
        end_text(result.text)
    elif result.data is not None:
        write_json(msgspec.json.format(msgspec.json.encode(result.data)))


def prepared_folder(output: Path | None) -> Path | None:
    """Return the folder for files, which is made if it is missing.

    Raises:
        UsageError: it cannot be made.
    """
    if output is not None:
        try:
            output.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"--output {output}: {error.strerror or error}.") from error
    return output


def save_files(result: Result[File], output: Path | None, *, quiet: bool) -> list[Path]:
    """Save the files of a result and say where; without a folder, say how to save them.

    Raises:
        TransferFailed: one could not be downloaded.
        UsageError: one could not be written.
    """
    if output is None:
        for file in () if quiet else result.files:
            say(f"File: {one_line(file.name)} ({size(file.size)})")
        if result.files and not quiet:
            say(f"Save with: spaces result {result.request_id} -o FOLDER")
        return []
    saved: list[Path] = []
    for file in result.files:
        try:
            path = _saved(file, output)
        except OSError as error:
            raise UsageError(f"--output {output}: {error.strerror or error}.") from error
        saved.append(path)
        if not quiet:
            say(f"Saved {styled(printable(str(path)), bold=True)} ({size(file.size)})")
    return saved


def result_json(result: Result[File], saved: list[Path]) -> bytes:
    """Return a result as JSON."""
    return msgspec.json.encode(
        {
            "request_id": result.request_id,
            "space": result.space,
            "status": "COMPLETED",
            "text": result.text,
            "data": result.data,
            "files": [_file_json(file) for file in result.files],
            "saved": [str(path) for path in saved],
            "model": result.model,
            "confidence": result.confidence,
            "usage": result.usage,
            "metrics": result.metrics,
            "times": result.times,
            "metadata": result.metadata,
        }
    )


def failure_json(error: RequestFailed) -> bytes:
    """Return a failure as JSON."""
    return msgspec.json.encode(
        {
            "request_id": error.request_id,
            "status": _STATES.get(type(error), "FAILED"),
            "error_type": error.error_type,
            "error": error.message,
        }
    )


def _file_json(file: File) -> dict[str, Any]:
    return {
        "name": file.name,
        "content_type": file.content_type,
        "size": file.size,
        "url": file.url,
        "expires_at": file.expires_at,
    }


def _saved(file: File, folder: Path) -> Path:
    """Save a file under its own name, or a similar one if the folder has that already."""
    part = file.save(folder / f".{secrets.token_hex(8)}.part")
    try:
        return part.replace(_claimed(folder, safe_name(file.name)))
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _claimed(folder: Path, name: str) -> Path:
    """Create an empty file, so that no other command takes its name, and return its path.

    Names that differ only in case are the same, as on Windows and macOS.
    """
    taken = {each.name.casefold() for each in folder.iterdir()}
    free = (each for each in _similar(name) if each.casefold() not in taken)
    while True:
        path = folder / next(free)
        with contextlib.suppress(FileExistsError):
            path.touch(exist_ok=False)
            return path


def _similar(name: str) -> Iterator[str]:
    """Yield a name, and the same with a number before its ending."""
    yield name
    stem, ending = Path(name).stem, Path(name).suffix
    for number in itertools.count(2):
        yield f"{stem}-{number}{ending}"
