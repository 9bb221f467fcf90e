"""Log lines: coloured on a terminal, plain elsewhere, or JSON."""

import contextlib
import json
import logging
import os
import sys
from datetime import UTC, datetime
from types import TracebackType
from typing import Final, TextIO

from spaces_worker._log import LOGGER_NAME
from spaces_worker._status.status_line import StatusLine, supports_status_line
from spaces_worker._text import printable_text

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
_FIELDS: Final = ("request_id", "traceparent", "seconds")
_DIM, _GOOD, _ALARM = "2", "32", "1;31"
_CODES: Final = {"DEBUG": _DIM, "INFO": "36", "WARNING": "33", "ERROR": _ALARM}


def configure_logging(
    *, as_json: bool = False, verbose: bool = False, stream: TextIO | None = None
) -> None:
    """Send the client's log lines to ``stream`` (stderr by default), replacing an earlier setup.

    Args:
        as_json: one JSON object per line.
        verbose: include debug messages.
        stream: where to write.
    """
    logger = logging.getLogger(LOGGER_NAME)
    for former in list(logger.handlers):
        logger.removeHandler(former)
    logger.addHandler(_handler(sys.stderr if stream is None else stream, as_json=as_json))
    logger.setLevel(logging.DEBUG if verbose else logging.INFO)
    logger.propagate = False


def status_line() -> StatusLine | None:
    """Return the status line of the terminal that the log goes to; None if there is none."""
    handlers = logging.getLogger(LOGGER_NAME).handlers
    return next((each.line for each in handlers if isinstance(each, ColourHandler)), None)


def _handler(stream: TextIO, *, as_json: bool) -> logging.Handler:
    if not as_json and stream.isatty():
        return ColourHandler(stream)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter() if as_json else PlainFormatter())
    return handler


class PlainFormatter(logging.Formatter):
    """Writes a record as one line without colours, and its traceback below."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(message)s", "%Y-%m-%d %H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - named by logging
        """Return the line."""
        return printable_text(super().formatMessage(record))

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802 - named by logging
        """Return the traceback."""
        return printable_text(super().formatException(ei), lines=True)


class JsonFormatter(logging.Formatter):
    """Writes a record as one JSON object: time, level, logger, message and known extras."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update({name: getattr(record, name) for name in _FIELDS if hasattr(record, name)})
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


class ColourHandler(logging.Handler):
    """Writes to a terminal, with the few escape codes that all of them support (ECMA-48).

    Attributes:
        line: the status line below the log; None if the terminal does not support it.
    """

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self.line = StatusLine(stream) if supports_status_line(stream) else None
        self._stream = stream
        self._colour = supports_status_line(stream) and not os.environ.get("NO_COLOR")

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line, and the traceback if there is one; the terminal may be gone."""
        try:
            with contextlib.nullcontext() if self.line is None else self.line.hidden():
                self._stream.write(self._text(record))
                self._stream.flush()
        except OSError:
            self.handleError(record)

    def _text(self, record: logging.LogRecord) -> str:
        code = _CODES.get(record.levelname, _ALARM)
        time = datetime.fromtimestamp(record.created).astimezone().strftime("%H:%M:%S ")
        good = getattr(record, "tone", "") == "good"
        sign = self._shown("✓ ", _GOOD) if good else self._shown("● ", code)
        words = printable_text(record.getMessage())
        shown = words if record.levelno <= logging.INFO else self._shown(words, code)
        lines = [self._shown(time, _DIM) + sign + shown]
        if record.exc_info:
            lines.append(self._shown(PlainFormatter().formatException(record.exc_info), _DIM))
        return "\n".join(lines) + "\n"

    def _shown(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._colour else text
