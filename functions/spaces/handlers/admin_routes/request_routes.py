"""Routes for requests of all spaces, and for the activity of a space."""

from datetime import datetime

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from spaces.bootstrap import gateway
from spaces.domain.errors import InvalidInput
from spaces.handlers.rest.administrator import body, query, who
from spaces.handlers.rest.request_ids import read_id
from spaces.handlers.rest.responses import respond
from spaces.services.administration import manage_requests
from spaces.services.administration.browse_requests import Filter, browse_requests
from spaces.services.administration.view_activity import view_activity
from spaces.services.requests.view_request import request_status
from spaces.services.requests.view_result import view_accepted
from spaces_protocol.admin_bodies import Purge

_DIGITS = 3

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]


@router.get("/v1/admin/requests")
def get_requests() -> Response[str]:
    """List requests by space, state, owner and time."""
    wanted = Filter(
        space_id=query(router, "space"),
        state=query(router, "state"),
        owner_name=query(router, "user"),
        since=_time("from"),
        until=_time("to"),
    )
    return respond(200, browse_requests(gateway(), wanted, query(router, "cursor")))


@router.post("/v1/admin/requests/<request_id>/cancel")
def post_cancel(request_id: str) -> Response[str]:
    """Cancel any request: 200, or 202 if its worker was told to stop."""
    named = read_id(request_id)
    was_running = manage_requests.cancel_for(gateway(), named, who(router))
    return respond(202 if was_running else 200, request_status(gateway(), named))


@router.post("/v1/admin/requests/<request_id>/retry")
def post_retry(request_id: str) -> Response[str]:
    """Submit a request's input again."""
    accepted = manage_requests.retry_request(gateway(), read_id(request_id), who(router))
    return respond(202, view_accepted(accepted, gateway().now()))


@router.post("/v1/admin/requests/<request_id>/webhook")
def post_webhook(request_id: str) -> Response[str]:
    """Send the webhook of a request again."""
    named = read_id(request_id)
    return respond(202, manage_requests.repeat_webhook_for(gateway(), named, who(router)))


@router.post("/v1/admin/spaces/<space>/purge")
def post_purge(space: str) -> Response[str]:
    """Cancel waiting or running requests of a space."""
    return respond(
        200, manage_requests.purge_space(gateway(), space, body(router, Purge), who(router))
    )


@router.get("/v1/admin/spaces/<space>/activity")
def get_activity(space: str) -> Response[str]:
    """Show the activity of a space."""
    hours = query(router, "hours") or "24"
    if not hours.isdecimal() or len(hours) > _DIGITS:
        raise InvalidInput("hours must be a whole number.")
    return respond(200, view_activity(gateway(), space, int(hours)))


def _time(name: str) -> int | None:
    """Return a query parameter as milliseconds since 1970."""
    text = query(router, name)
    if text is None:
        return None
    try:
        return round(datetime.fromisoformat(text).timestamp() * 1000)
    except ValueError as error:
        raise InvalidInput(f"{name} must be a time such as 2026-11-22T10:00:00Z.") from error
