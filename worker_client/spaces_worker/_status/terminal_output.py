"""Prints a function's output above the status line instead of into it."""

import contextlib
import os
import sys
import threading
from collections.abc import Iterator
from typing import Any, TextIO, cast

from spaces_worker._status.status_line import StatusLine


@contextlib.contextmanager
def print_above(line: StatusLine | None) -> Iterator[None]:
    """Print everything above a status line until the block ends; None if there is no line."""
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


def drop_lost_output() -> None:
    """Write to nowhere what is left for a terminal or pipe that was closed.

    Otherwise Python ends with exit code 120, because it cannot write it either.
    """
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)
        except (AttributeError, ValueError):  # there is no stream, or it was closed here
            continue


class LineBuffer:
    """A stream that writes whole lines only: the status line would overwrite part of one."""

    def __init__(self, stream: TextIO, line: StatusLine) -> None:
        self._stream = stream
        self._line = line
        self._rest = ""
        self._lock = threading.RLock()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the stream has
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write the lines that are now complete."""
        with self._lock:
            lines, end, rest = (self._rest + text).rpartition("\n")
            # Text after a carriage return, as of a progress bar, replaces the line.
            self._rest = rest.rpartition("\r")[2]
            if end:
                # A terminal that was closed must not fail a request that prints.
                with contextlib.suppress(OSError), self._line.hidden():
                    self._stream.write(lines + end)
                    self._stream.flush()
        return len(text)

    def flush(self) -> None:
        """Do nothing: an incomplete line stays in the buffer."""

    def finish(self) -> None:
        """Write the rest."""
        if self._rest:
            self.write("\n")
