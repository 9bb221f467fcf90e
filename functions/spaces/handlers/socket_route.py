"""What the socket routes share: identify the sender, decode the message, report errors."""

from collections.abc import Callable
from typing import Any, TypeVar

from spaces.bootstrap import gateway
from spaces.domain.errors import SpaceError, WrongOutput
from spaces.handlers.message_budget import WRONG_OUTPUT_MESSAGES, Budget, MessageBudget
from spaces.handlers.overload import overload_as_busy
from spaces.observability import logger
from spaces.services.ports.gateway import Gateway, Sender
from spaces.services.workers.describe_gateway import describe_gateway
from spaces_protocol.codec import UnreadableMessage, decode_worker_message
from spaces_protocol.errors import ErrorType
from spaces_protocol.gateway_messages import ErrorReply, GatewayFacts
from spaces_protocol.worker_messages import WorkerMessage

Event = dict[str, Any]
Handler = Callable[[Event, Any], dict[str, int]]
M = TypeVar("M", bound=WorkerMessage)

OK = {"statusCode": 200}


def socket_route(
    kind: type[M], use_case: Callable[[Gateway, Sender, M], None], budget: Budget
) -> Handler:
    """Return the handler of one route: decode, check, call the use case, report errors.

    The response to API Gateway is always 200. Whatever the worker must know is sent as a message,
    and nothing that it sends closes its connection, except far too many messages.

    Args:
        kind: The type of the route's messages.
        use_case: Handles a message.
        budget: How many messages a connection may send.
    """
    messages = MessageBudget(budget)
    about = None if kind is WorkerMessage else str(kind.__struct_config__.tag)

    def handler(event: Event, _context: object) -> dict[str, int]:
        sender = sender_of(event)
        trace(event, sender)
        if not messages.allows(sender.connection_id, gateway().now()):
            logger.warning("message_budget_exceeded", extra={"action": about})
            gateway().sockets.close(sender.connection_id)
            return OK
        request_id: str | None = None
        try:
            message = _message(event, kind)
            request_id = getattr(message, "request_id", None)
            with overload_as_busy():
                use_case(gateway(), sender, message)
        except UnreadableMessage as error:
            unknown = error.error_type is ErrorType.UNKNOWN_ACTION
            known = describe_gateway(gateway(), sender) if unknown else None
            reply(sender, error.error_type, error.detail, error.request_id, about, known)
        except SpaceError as error:
            if isinstance(error, WrongOutput):
                messages.charge(sender.connection_id, WRONG_OUTPUT_MESSAGES)
            reply(sender, error.error_type, error.detail, request_id, about)
        except Exception:  # noqa: BLE001 - the edge
            logger.exception("unexpected_error", extra={"request_id": request_id})
            detail = "An internal error occurred and was logged. Send the message again."
            reply(sender, ErrorType.INTERNAL, detail, request_id, about)
        return OK

    return handler


def _message(event: Event, kind: type[M]) -> M:
    message = decode_worker_message(event.get("body") or "")
    if not isinstance(message, kind):
        raise UnreadableMessage(ErrorType.UNKNOWN_ACTION, "The action arrived on the wrong route.")
    return message


def sender_of(event: Event) -> Sender:
    """Return the sender as identified by the authorizer; the message itself is not trusted."""
    context = event["requestContext"]
    identity = context["authorizer"]
    made_at = identity.get("token_made_at")  # missing on connections made before an update
    return Sender(
        connection_id=context["connectionId"],
        connected_at=int(context["connectedAt"]),
        worker_id=identity["worker_id"],
        token_id=identity["token_id"],
        spaces=frozenset(identity["spaces"].split(",")),
        token_made_at=None if made_at is None else int(made_at),
    )


def trace(event: Event, sender: Sender) -> None:
    """Add worker, connection and request id to every log line of this invocation."""
    logger.append_keys(
        worker_id=sender.worker_id,
        connection_id=sender.connection_id,
        gateway_request_id=event["requestContext"].get("requestId"),
    )


def reply(
    sender: Sender,
    error_type: ErrorType,
    detail: str,
    request_id: str | None,
    about: str | None = None,
    known: GatewayFacts | None = None,
) -> None:
    """Tell the worker that a message was rejected; the connection stays open."""
    logger.info("message_refused", extra={"error_type": error_type, "request_id": request_id})
    message = ErrorReply(
        error_type=error_type, detail=detail, request_id=request_id, about=about, gateway=known
    )
    gateway().sockets.post(sender.connection_id, message)
