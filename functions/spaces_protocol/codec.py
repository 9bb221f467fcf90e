"""Encodes and decodes socket messages; errors name the field."""

from typing import Annotated, Final

import msgspec

from spaces_protocol.errors import ErrorType
from spaces_protocol.gateway_messages import AnyGatewayMessage, GatewayMessage
from spaces_protocol.limits import MAX_MESSAGE_BYTES, MAX_REQUEST_ID_CHARS
from spaces_protocol.nesting import too_deep
from spaces_protocol.worker_messages import AnyWorkerMessage, WorkerMessage
from spaces_protocol.wrong_fields import describe_fault

_ENCODER: Final = msgspec.json.Encoder()
_FROM_WORKER: Final[msgspec.json.Decoder[AnyWorkerMessage]] = msgspec.json.Decoder(AnyWorkerMessage)
_FROM_GATEWAY: Final[msgspec.json.Decoder[AnyGatewayMessage]] = msgspec.json.Decoder(
    AnyGatewayMessage
)


class UnreadableMessage(ValueError):
    """A text that is not a valid message.

    Attributes:
        error_type: the error type to reply with.
        detail: a sentence that names the field and what it accepts.
        request_id: the request that it refers to, if that could be read.
    """

    def __init__(self, error_type: ErrorType, detail: str, request_id: str | None = None) -> None:
        super().__init__(detail)
        self.error_type = error_type
        self.detail = detail
        self.request_id = request_id


class _ApiGatewayError(msgspec.Struct):
    """What API Gateway itself sends on a socket when it cannot hand a message to a function."""

    message: str
    connection_id: Annotated[str, msgspec.Meta(min_length=1)] = msgspec.field(name="connectionId")


class _Envelope(msgspec.Struct):
    """The fields of an invalid message that are needed to reply to it."""

    action: object = None
    request_id: object = None


def encode(message: WorkerMessage | GatewayMessage) -> str:
    """Return the JSON text of a message."""
    return _ENCODER.encode(message).decode()


def decode_worker_message(text: str | bytes) -> AnyWorkerMessage:
    """Decode a message from a worker.

    Raises:
        UnreadableMessage: it is too large, not JSON, has an unknown action or an invalid field.
    """
    size = len(text.encode(errors="surrogatepass")) if isinstance(text, str) else len(text)
    if size > MAX_MESSAGE_BYTES:
        detail = f"The message has {size} bytes; the limit is {MAX_MESSAGE_BYTES}."
        raise UnreadableMessage(ErrorType.MESSAGE_TOO_LARGE, detail)
    try:
        return _FROM_WORKER.decode(text)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise _explain(text, error) from error


def decode_gateway_message(text: str | bytes) -> AnyGatewayMessage:
    """Decode a message from the gateway.

    Raises:
        UnreadableMessage: it is not JSON, has an unknown action or an invalid field.
    """
    try:
        return _FROM_GATEWAY.decode(text)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise _explain(text, error) from error


def api_gateway_error(text: str | bytes) -> str | None:
    """Return the words of API Gateway's own error message; None if it is another message.

    Its shape, ``{"message", "connectionId", "requestId"}``, is in public threads ("Porting to
    aws-cdk", aws-samples/simple-websockets-chat-app); AWS does not document it. It does not say
    which message it is about.
    """
    try:
        return msgspec.json.decode(text, type=_ApiGatewayError).message
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None


def _short_id(value: object) -> str | None:
    return value[:MAX_REQUEST_ID_CHARS] if isinstance(value, str) else None


def _explain(text: str | bytes, error: Exception) -> UnreadableMessage:
    if isinstance(error, RecursionError):
        return UnreadableMessage(ErrorType.MALFORMED_MESSAGE, too_deep("The message"))
    try:
        envelope = msgspec.json.decode(text, type=_Envelope)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        detail = 'A message must be one JSON object with the field "action".'
        return UnreadableMessage(ErrorType.MALFORMED_MESSAGE, detail)
    request_id = _short_id(envelope.request_id)
    if "Invalid value" in str(error) and str(error).endswith("`$.action`"):
        detail = f"The action {str(envelope.action)[:40]!r} does not exist; see the protocol."
        return UnreadableMessage(ErrorType.UNKNOWN_ACTION, detail, request_id)
    if not isinstance(envelope.action, str):
        detail = 'The field "action" must name the kind of message, as text.'
        return UnreadableMessage(ErrorType.UNKNOWN_ACTION, detail, request_id)
    fault = describe_fault(error) if isinstance(error, msgspec.ValidationError) else error
    detail = f"{envelope.action}: {fault}"
    return UnreadableMessage(ErrorType.MALFORMED_MESSAGE, detail, request_id)
