"""Identifies the calling administrator and reads the call."""

from typing import Any, TypeVar

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from spaces.domain.errors import NotAllowed, NotFound
from spaces.handlers.rest.caller import signed_in
from spaces.handlers.rest.direct_call import COMMAND_LINE
from spaces.handlers.rest.request_body import read_body
from spaces.settings import FunctionSettings

T = TypeVar("T")


def administrator(event: dict[str, Any]) -> str:
    """Return the name under which this caller's changes are audited.

    Raises:
        Unauthorized: The caller is not signed in.
        NotAllowed: The user is not an administrator.
    """
    who = event["requestContext"].get(COMMAND_LINE)
    if who is not None:
        return f"cli:{who}"
    user = signed_in(event)
    if not user.is_administrator:
        raise NotAllowed("Only administrators may do this.")
    return user.name


def who(router: APIGatewayHttpRouter) -> str:
    """Return the administrator who makes the current call."""
    return administrator(router.current_event.raw_event)


def expect_command_line(router: APIGatewayHttpRouter) -> None:
    """Raise unless the current call is a direct invocation.

    Raises:
        NotFound: The call came over HTTP, where this path does not exist.
    """
    event = router.current_event
    if COMMAND_LINE not in event.raw_event["requestContext"]:
        raise NotFound(f"There is no {event.http_method} {event.path[:100]}; see docs/api.md.")


def body(router: APIGatewayHttpRouter, kind: type[T]) -> T:
    """Return the body of the current call; a missing body is an empty object.

    Raises:
        UnsupportedMediaType, BodyTooLarge, MalformedBody, InvalidInput: The body is not valid.
    """
    return read_body(router.current_event, kind, "See docs/api.md.", if_none="{}")


def query(router: APIGatewayHttpRouter, name: str) -> str | None:
    """Return a query parameter of the current call; None if it is missing."""
    return (router.current_event.query_string_parameters or {}).get(name) or None


def socket_url() -> str:
    """Return the URL that workers connect to."""
    return FunctionSettings.from_environment().socket_url or ""
