"""Turns a result or an error into the message that answers its request."""

import logging
from typing import Final

import msgspec

from spaces_protocol.codec import UnreadableMessage, decode_worker_message, encode
from spaces_protocol.limits import MAX_ERROR_MESSAGE_CHARS, MAX_MESSAGE_BYTES
from spaces_protocol.worker_messages import Output, Usage
from spaces_protocol.worker_messages import Result as ResultMessage
from spaces_worker._errors import TransferError, UserError
from spaces_worker._functions.result import Result
from spaces_worker._functions.result_fields import confidence_of, plain, seconds_of, usage_of
from spaces_worker._log import about
from spaces_worker._session.request_tracker import failed_result
from spaces_worker._text import clean_text

NEUTRAL: Final = "The worker could not answer this request."
"""All that a user learns of an error that was not meant for users."""
NOT_TRANSFERRED: Final = "A file of this request could not be transferred."
ROOM_BYTES: Final = 256
"""Kept free in a message: its attempt may still grow, and slots may be added."""

_logger: Final = logging.getLogger(__name__)


def message_of(request_id: str, result: Result, seconds: float) -> ResultMessage:
    """Return the message for a result; its files are not in it.

    Args:
        request_id: the request that it answers.
        result: what the function answered.
        seconds: how long it ran.
    """
    text = None if result.text is None else clean_text(result.text)
    return ResultMessage(
        request_id=request_id,
        attempt=1,
        status="completed",
        output=Output(text=text, data=plain(result.data)),
        confidence=None if result.confidence is None else confidence_of(result.confidence),
        model=None if result.model is None else clean_text(result.model, 200),
        usage=None if result.usage is None else _with_total(usage_of(result.usage)),
        inference_time=seconds_of(
            seconds if result.inference_time is None else result.inference_time
        ),
    )


def failure_of(request_id: str, error: Exception) -> ResultMessage:
    """Return the message for a raised error, and log it."""
    if isinstance(error, UserError):
        _logger.info("Request %s failed: %s", request_id, error, extra=about(request_id))
        text = clean_text(error, MAX_ERROR_MESSAGE_CHARS)
        return failed_result(request_id, text, kind=clean_text(error.error_type, 200))
    if isinstance(error, TransferError):
        _logger.error("Request %s: %s.", request_id, error, extra=about(request_id))
        return failed_result(request_id, NOT_TRANSFERRED)
    _logger.error(
        "Request %s: the function raised an error.",
        request_id,
        exc_info=error,
        extra=about(request_id),
    )
    return failed_result(request_id, NEUTRAL)


def unusable(request_id: str, returned: object) -> ResultMessage:
    """Return the failure for a value that is no answer, and log it."""
    kind = type(returned).__name__
    _logger.error(
        "Request %s: return str, dict, list, bytes, a path, an image or Result, not %s.",
        request_id,
        kind,
        extra=about(request_id),
    )
    return failed_result(request_id, NEUTRAL)


def sendable(message: ResultMessage) -> ResultMessage:
    """Return the message if the gateway will read it, else a failure that says why not."""
    request_id = message.request_id
    try:
        text = encode(message)
        size = len(text.encode())
        if size > MAX_MESSAGE_BYTES - ROOM_BYTES:
            _logger.error(
                "Request %s: the answer has %d bytes, too many.",
                request_id,
                size,
                extra=about(request_id),
            )
            return failed_result(request_id, too_large(size, MAX_MESSAGE_BYTES))
        decode_worker_message(text)
    except (UnreadableMessage, TypeError, ValueError, OverflowError, RecursionError) as error:
        _logger.error(  # noqa: TRY400
            "Request %s: the answer cannot be sent: %s", request_id, error, extra=about(request_id)
        )
        return failed_result(request_id, NEUTRAL)
    return message


def too_large(size: int, limit: int) -> str:
    """Return what a user is told of an answer that nothing can carry."""
    return (
        f"The answer is too large to deliver: {size / 1024:.0f} KB; at most {limit // 1024} KB fit."
    )


def _with_total(usage: Usage) -> Usage:
    if usage.total_tokens is not None:
        return usage
    if usage.input_tokens is None or usage.output_tokens is None:
        return usage
    return msgspec.structs.replace(usage, total_tokens=usage.input_tokens + usage.output_tokens)
