"""Shows on a terminal how far the files of a request have been uploaded."""

import contextlib
import threading
from collections.abc import Iterator, Sequence

from spaces_client._commands.terminal import StatusLine
from spaces_client._core.file_content import FileInput, Upload, source_of


@contextlib.contextmanager
def shown_uploads(paths: Sequence[str]) -> Iterator[list[FileInput]]:
    """Return the files to submit; until the block ends, a status line says what is read of them.

    Raises:
        UsageError: one cannot be read.
    """
    line = StatusLine()
    with contextlib.ExitStack() as opened:
        opened.callback(line.clear)
        yield [_shown(path, line) if line.is_live else path for path in paths]


def _shown(path: str, line: StatusLine) -> FileInput:
    source = source_of(path)
    return Upload(path, progress=_Progress(source.name, source.size, line))


class _Progress:
    """Tells a status line how much of a file was read, by several threads."""

    def __init__(self, name: str, size: int, line: StatusLine) -> None:
        self._name = name
        self._size = size
        self._line = line
        self._read = 0
        self._lock = threading.Lock()

    def __call__(self, count: int) -> None:
        with self._lock:
            self._read += count
            percent = min(100, 100 * self._read // max(1, self._size))
            self._line.show(f"Uploading {self._name}: {percent} %")
