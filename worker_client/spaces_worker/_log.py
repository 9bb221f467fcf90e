"""Loggers of the client, and log lines about one request."""

import logging
from collections.abc import Mapping
from typing import Any, Final

LOGGER_NAME: Final = "spaces_worker"
"""The parent of all loggers of this package."""


def wing_logger(module: str) -> logging.Logger:
    """Return the logger of a module's wing, such as ``spaces_worker.session``.

    The name is part of the client's interface, so it does not depend on how modules are arranged.

    Args:
        module: the module's ``__name__``.
    """
    wing = module.split(".")[1].removeprefix("_")
    former = logging.getLoggerClass()
    logging.setLoggerClass(_AlwaysOnLogger)
    try:
        return logging.getLogger(f"{LOGGER_NAME}.{wing}")
    finally:
        logging.setLoggerClass(former)


class _AlwaysOnLogger(logging.Logger):
    """A logger that no other code disables by accident.

    ``logging.config.dictConfig`` and ``fileConfig`` disable every logger that they do not name.
    Levels, filters and ``logging.disable`` work as for any logger.
    """

    def isEnabledFor(self, level: int) -> bool:  # noqa: N802 - named by logging
        """Whether a line of this level is written."""
        self.disabled = False
        return super().isEnabledFor(level)


class RequestLog(logging.LoggerAdapter[logging.Logger]):
    """Writes log lines that begin with a request's id and carry it as ``request_id``.

    If its caller traces the request, they carry ``traceparent``, too.
    """

    def __init__(
        self, logger: logging.Logger, request_id: str, traceparent: str | None = None
    ) -> None:
        fields = {"request_id": request_id}
        if traceparent is not None:
            fields["traceparent"] = traceparent
        super().__init__(logger, fields)
        self._request_id = request_id
        self._fields = fields

    def log(self, level: int, msg: object, *args: object, **kwargs: Any) -> None:  # noqa: ANN401 - as logging has it
        """Write a line, with ``extra`` in addition to the id."""
        more: Mapping[str, object] = kwargs.pop("extra", None) or {}
        extra = {**more, **self._fields}
        line = "Request %s: " + str(msg)
        self.logger.log(level, line, self._request_id, *args, extra=extra, stacklevel=2, **kwargs)
