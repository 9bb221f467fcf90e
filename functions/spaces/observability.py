"""Structured logs, one line an event; no custom metrics, because each costs something a month."""

from typing import Any

from aws_lambda_powertools import Logger

logger = Logger(service="spaces", utc=True, log_uncaught_exceptions=True)


def log_event(event: str, **fields: Any) -> None:  # noqa: ANN401 - whatever says what happened
    """Note an event with its fields; Logs Insights counts them by name.

    Never give it a token, a prompt or a result.
    """
    logger.info(event, extra=fields, stacklevel=3)
