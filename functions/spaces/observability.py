"""Structured logs, one line per event. No custom metrics: each has a monthly cost."""

import json
import logging
import sys
import time
from typing import Any, Final

from spaces.settings import LogSettings, xray_trace_id

_KEYS: dict[str, Any] = {}
_USUAL: Final = {*vars(logging.makeLogRecord({})), "message", "asctime", "taskName"}


class _JsonLines(logging.Formatter):
    """One JSON object for each record, with the fields that were passed as ``extra``."""

    default_msec_format = "%s.%03dZ"
    default_time_format = "%Y-%m-%dT%H:%M:%S"

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    @staticmethod
    def converter(seconds: float | None) -> time.struct_time:
        return time.gmtime(seconds)

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "level": record.levelname,
            "location": f"{record.funcName}:{record.lineno}",
            "message": record.getMessage(),
            "timestamp": self.formatTime(record),
            "service": self._service,
            "xray_trace_id": xray_trace_id(),
            **_KEYS,
            **{name: value for name, value in vars(record).items() if name not in _USUAL},
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        said = {name: value for name, value in line.items() if value is not None}
        return json.dumps(said, default=str, ensure_ascii=False, separators=(",", ":"))


class _StandardOutput(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        sys.stdout.write(f"{self.format(record)}\n")
        sys.stdout.flush()


def _logger(settings: LogSettings) -> logging.Logger:
    handler = _StandardOutput()
    handler.setFormatter(_JsonLines(settings.service))
    found = logging.getLogger("spaces")
    found.setLevel(settings.level)
    found.addHandler(handler)
    found.propagate = False  # Lambda's own handler would write each line again
    return found


logger = _logger(LogSettings.from_environment())


def log_keys(**keys: Any) -> None:  # noqa: ANN401 - any value that can be logged
    """Add fields to every further line of this process; None takes one away."""
    _KEYS.update(keys)


def log_event(event: str, **fields: Any) -> None:  # noqa: ANN401 - any value that can be logged
    """Log an event with its fields; Logs Insights counts events by name.

    Never pass a token, a prompt or a result.
    """
    logger.info(event, extra=fields, stacklevel=2)
