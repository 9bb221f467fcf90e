"""Which administrator calls, and with what."""

from typing import Any, TypeVar

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from spaces.domain.errors import NotAllowed, NotFound
from spaces.handlers.rest.caller import signed_in
from spaces.handlers.rest.request_body import read_body
from spaces.settings import FunctionSettings

T = TypeVar("T")

COMMAND_LINE = "command_line"
"""Where a direct invocation says who it is for; no HTTP call can have it in its context."""


def administrator(event: dict[str, Any]) -> str:
    """Return the name under which changes of this caller are audited.

    Raises:
        Unauthorized: nobody signed in.
        NotAllowed: somebody did who is no administrator.
    """
    who = event["requestContext"].get(COMMAND_LINE)
    if who is not None:
        return f"cli:{who}"
    user = signed_in(event)
    if not user.is_administrator:
        raise NotAllowed("This is for administrators only.")
    return user.name


def who(router: APIGatewayHttpRouter) -> str:
    """Return the administrator who makes the call at hand."""
    return administrator(router.current_event.raw_event)


def expect_command_line(router: APIGatewayHttpRouter) -> None:
    """Raise unless the call at hand is a direct invocation.

    Raises:
        NotFound: it came by HTTP, where there is no such path.
    """
    event = router.current_event
    if COMMAND_LINE not in event.raw_event["requestContext"]:
        raise NotFound(f"There is no {event.http_method} {event.path[:100]}; see docs/api.md.")


def body(router: APIGatewayHttpRouter, kind: type[T]) -> T:
    """Return the body of the call at hand; none is an empty object.

    Raises:
        UnsupportedMediaType, BodyTooLarge, MalformedBody, InvalidInput: as their names say.
    """
    return read_body(router.current_event, kind, "See docs/api.md.", if_none="{}")


def query(router: APIGatewayHttpRouter, name: str) -> str | None:
    """Return a parameter of the address of the call at hand; None if there is none."""
    return (router.current_event.query_string_parameters or {}).get(name) or None


def socket_url() -> str:
    """Return the address that workers dial; API Gateway has one for both directions."""
    endpoint = FunctionSettings.from_environment().socket_endpoint or ""
    return endpoint.replace("http", "ws", 1)
