"""Structured logs, one line per event. No custom metrics: each has a monthly cost.

Each line names its function as ``service``, from POWERTOOLS_SERVICE_NAME.
"""

from typing import Any

from aws_lambda_powertools import Logger

logger = Logger(utc=True, log_uncaught_exceptions=True)


def log_event(event: str, **fields: Any) -> None:  # noqa: ANN401 - any value that can be logged
    """Log an event with its fields; Logs Insights counts events by name.

    Never pass a token, a prompt or a result.
    """
    logger.info(event, extra=fields, stacklevel=3)
