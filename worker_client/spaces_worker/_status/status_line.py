"""The status line: the last line of a terminal, with log lines scrolling above it."""

import contextlib
import os
import shutil
import threading
from collections.abc import Iterator
from datetime import datetime
from typing import Final, TextIO

from spaces_worker._status.activity import ActivitySnapshot, RunningRequest

_CLEAR: Final = "\r\x1b[2K"
_DIM, _GREEN, _YELLOW, _PLAIN = "\x1b[2m", "\x1b[32m", "\x1b[33m", "\x1b[0m"


class StatusLine:
    """Keeps one line at the bottom; write everything else to the stream in `hidden`."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.RLock()
        self._text = ""
        self._colour = not os.environ.get("NO_COLOR")

    def show(self, snapshot: ActivitySnapshot) -> None:
        """Replace the line; ignore a terminal that is gone."""
        with self._lock, contextlib.suppress(OSError):
            self._text = self._fitted(line_of(snapshot))
            self._stream.write(_CLEAR + self._text)
            self._stream.flush()

    def close(self) -> None:
        """Remove the line for good."""
        with contextlib.suppress(OSError), self.hidden():
            self._text = ""

    @contextlib.contextmanager
    def hidden(self) -> Iterator[None]:
        """Remove the line while something else is written, and restore it below."""
        with self._lock:
            self._stream.write(_CLEAR if self._text else "")
            try:
                yield
            finally:
                self._stream.write(self._text)
                self._stream.flush()

    def _fitted(self, line: str) -> str:
        from wcwidth import clip, width  # noqa: PLC0415 - only a terminal needs it

        # A line that wraps could not be removed again.
        columns = max(2, shutil.get_terminal_size().columns - 1)
        shown = line if width(line) <= columns else f"{clip(line, 0, columns - 1)}…"
        if not self._colour:
            return shown
        sign, rest = shown[:1], shown[1:]
        return f"{_GREEN if sign == '✓' else _YELLOW}{sign}{_PLAIN}{_DIM}{rest}{_PLAIN}"


def line_of(snapshot: ActivitySnapshot) -> str:
    """Return the activity as one line."""
    counts = {
        "waiting": snapshot.waiting,
        "done": snapshot.done,
        "failed": snapshot.failed,
        "cancelled": snapshot.cancelled,
    }
    shown = [f"{count} {word}" for word, count in counts.items() if count or word == "done"]
    line = " · ".join([_connection(snapshot.connected_since), *_running(snapshot.running), *shown])
    # A message from the function could contain codes that move the cursor.
    return "".join(each if each.isprintable() else " " for each in line)


def supports_status_line(stream: TextIO) -> bool:
    """Whether a stream is a terminal that can remove a line again."""
    return stream.isatty() and os.environ.get("TERM", "dumb") != "dumb"


def _connection(since: datetime | None) -> str:
    return (
        "… not connected" if since is None else f"✓ connected since {since.astimezone():%H:%M:%S}"
    )


def _running(running: tuple[RunningRequest, ...]) -> list[str]:
    if not running:
        return ["idle"]
    shares = [f"{each.percent:.0f} %" for each in running if each.percent is not None]
    told = [each.message for each in running if each.message] if len(running) == 1 else []
    words = " ".join([", ".join(shares), *told]).strip()
    return [f"{len(running)} running" + (f" ({words})" if words else "")]
