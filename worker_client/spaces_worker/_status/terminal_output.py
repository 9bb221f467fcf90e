"""What a function prints goes above the status line, instead of into it."""

import contextlib
import sys
import threading
from collections.abc import Iterator
from typing import Any, TextIO, cast

from spaces_worker._status.status_line import StatusLine


@contextlib.contextmanager
def print_above(line: StatusLine | None) -> Iterator[None]:
    """Let what is printed to a terminal go above a line until the block ends; None for no line."""
    with contextlib.ExitStack() as stack:
        if line is not None:
            for name in ("stdout", "stderr"):
                stack.enter_context(_redirected(name, line))
        yield


@contextlib.contextmanager
def _redirected(name: str, line: StatusLine) -> Iterator[None]:
    stream: TextIO | None = getattr(sys, name)
    if stream is None or not stream.isatty():
        yield
        return
    above = LineBuffer(stream, line)
    setattr(sys, name, cast("TextIO", above))
    try:
        yield
    finally:
        if getattr(sys, name) is above:
            setattr(sys, name, stream)
        above.finish()


class LineBuffer:
    """Looks like a stream, and writes whole lines only: a part of one would be cut by the line."""

    def __init__(self, stream: TextIO, line: StatusLine) -> None:
        self._stream = stream
        self._line = line
        self._rest = ""
        self._lock = threading.RLock()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the stream has
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write the lines that are complete now."""
        with self._lock:
            lines, end, rest = (self._rest + text).rpartition("\n")
            # What returns to the begin of its line, as progress bars do, replaces it.
            self._rest = rest.rpartition("\r")[2]
            if end:
                with self._line.hidden():
                    self._stream.write(lines + end)
                    self._stream.flush()
        return len(text)

    def flush(self) -> None:
        """Keep what is no whole line yet."""

    def finish(self) -> None:
        """Write the rest."""
        if self._rest:
            self.write("\n")
