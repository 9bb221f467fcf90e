"""Shows on a terminal how far the files of a request have been uploaded."""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, cast

from spaces_client._commands.terminal import StatusLine
from spaces_client._core.file_content import FileInput, source_of
from spaces_client._errors import UsageError


@contextlib.contextmanager
def shown_uploads(paths: Sequence[str]) -> Iterator[list[FileInput]]:
    """Return the files to submit; until the block ends, a status line says what is read of them.

    Raises:
        UsageError: one cannot be read.
    """
    line = StatusLine()
    with contextlib.ExitStack() as opened:
        opened.callback(line.clear)
        yield [_shown(path, line, opened) if line.is_live else path for path in paths]


def _shown(path: str, line: StatusLine, opened: contextlib.ExitStack) -> FileInput:
    source = source_of(path)
    try:
        file = opened.enter_context(Path(path).open("rb"))  # noqa: SIM115 - the stack closes it
    except OSError as error:
        raise UsageError(f"{path!r} cannot be read: {error.strerror or error}.") from error
    return cast("BinaryIO", _ShownFile(file, source.size, line))


class _ShownFile:
    """A file that tells a status line how far it was read."""

    def __init__(self, file: BinaryIO, size: int, line: StatusLine) -> None:
        self._file = file
        self._size = size
        self._line = line

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the file has
        return getattr(self._file, name)

    def read(self, size: int = -1) -> bytes:
        """Read some bytes."""
        piece = self._file.read(size)
        percent = 100 * self._file.tell() // max(1, self._size)
        self._line.show(f"Uploading {Path(self._file.name).name}: {percent} %")
        return piece
