"""Converts a result or an error into the protocol message."""

from typing import Final, cast

import msgspec

from spaces_protocol.codec import UnreadableMessage, decode_worker_message
from spaces_protocol.limits import MAX_ERROR_MESSAGE_CHARS, MAX_MESSAGE_BYTES
from spaces_protocol.worker_messages import Output, Usage
from spaces_protocol.worker_messages import Result as ResultMessage
from spaces_worker._errors import TransferError, UserError
from spaces_worker._functions.result import Result
from spaces_worker._functions.result_fields import (
    confidence_of,
    encode_data,
    seconds_of,
    usage_of,
)
from spaces_worker._log import RequestLog, wing_logger
from spaces_worker._session.request_tracker import failed_result
from spaces_worker._text import clean_text

NEUTRAL: Final = "The worker could not answer this request."
"""What the user sees of an error that is not a `UserError`."""
NOT_TRANSFERRED: Final = "A file of this request could not be transferred."
ROOM_BYTES: Final = 256
"""Reserved in a message for a longer attempt and for slots."""

_ENCODING_ERRORS: Final = (TypeError, ValueError, OverflowError, RecursionError)
_logger: Final = wing_logger(__name__)


def message_of(request_id: str, result: Result, seconds: float) -> ResultMessage:
    """Return the message for a result without its files, or a failure if it cannot be encoded.

    Args:
        request_id: the request.
        result: what the function returned.
        seconds: how long the function ran.
    """
    try:
        output = _encoded_output(result)
    except _ENCODING_ERRORS as error:
        return _not_sendable(request_id, error)
    return ResultMessage(
        request_id=request_id,
        attempt=1,
        status="completed",
        output=output,
        confidence=None if result.confidence is None else confidence_of(result.confidence),
        model=None if result.model is None else clean_text(result.model, 200),
        usage=None if result.usage is None else _with_total(usage_of(result.usage)),
        inference_time=seconds_of(
            seconds if result.inference_time is None else result.inference_time
        ),
    )


def failure_of(request_id: str, error: Exception) -> ResultMessage:
    """Return the failure message for an error, and log the error."""
    log = RequestLog(_logger, request_id)
    if isinstance(error, UserError):
        text = clean_text(error, MAX_ERROR_MESSAGE_CHARS)
        if not text.strip():
            log.warning("failed: the function raised a UserError without a text.")
            return failed_result(request_id, NEUTRAL)
        log.info("failed: %s", error)
        return failed_result(request_id, text, kind=clean_text(error.error_type, 200))
    if isinstance(error, TransferError):
        log.error("%s.", error)
        return failed_result(request_id, NOT_TRANSFERRED)
    log.error("the function raised an error.", exc_info=error)
    return failed_result(request_id, NEUTRAL)


def unusable(request_id: str, returned: object) -> ResultMessage:
    """Return the failure message for a returned value that cannot be a result, and log it."""
    RequestLog(_logger, request_id).error(
        "return str, dict, list, a dataclass or model, bytes, a path, an open file, an image or "
        "Result, not %s.",
        type(returned).__name__,
    )
    return failed_result(request_id, NEUTRAL)


def sendable(message: ResultMessage) -> ResultMessage:
    """Return the message if the gateway can read it, otherwise a failure that says why not."""
    request_id = message.request_id
    try:
        payload = msgspec.json.encode(message)
        if len(payload) > MAX_MESSAGE_BYTES - ROOM_BYTES:
            RequestLog(_logger, request_id).error(
                "the result has %d bytes, which is too large to send.", len(payload)
            )
            return failed_result(request_id, too_large(len(payload), MAX_MESSAGE_BYTES))
        decode_worker_message(payload)
    except (UnreadableMessage, *_ENCODING_ERRORS) as error:
        return _not_sendable(request_id, error)
    return message


def too_large(size: int, limit: int) -> str:
    """Return the error text for an answer that is too large."""
    return (
        f"The answer is too large to deliver: {size / 1024:.0f} KB; at most {limit // 1024} KB fit."
    )


def _encoded_output(result: Result) -> Output:
    """Encode text and data, once: msgspec copies a `Raw` each time it encodes the message."""
    text = None if result.text is None else msgspec.json.encode(clean_text(result.text))
    data = None if result.data is None else msgspec.Raw(encode_data(result.data))
    return Output(text=None if text is None else cast("str", msgspec.Raw(text)), data=data)


def _not_sendable(request_id: str, error: Exception) -> ResultMessage:
    RequestLog(_logger, request_id).error("the result cannot be sent: %s", error)
    return failed_result(request_id, NEUTRAL)


def _with_total(usage: Usage) -> Usage:
    if usage.total_tokens is not None:
        return usage
    if usage.input_tokens is None or usage.output_tokens is None:
        return usage
    return msgspec.structs.replace(usage, total_tokens=usage.input_tokens + usage.output_tokens)
