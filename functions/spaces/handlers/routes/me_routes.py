"""Routes for the signed-in user."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from spaces.bootstrap import gateway
from spaces.handlers.rest.caller import signed_in
from spaces.handlers.rest.request_ids import read_id
from spaces.handlers.rest.responses import no_content, respond
from spaces.services.requests.delete_request import delete_request
from spaces.services.requests.list_history import list_history
from spaces_protocol.rest_bodies import Me

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]


@router.get("/v1/me")
def get_me() -> Response[str]:
    """Show the signed-in user."""
    user = signed_in(router.current_event.raw_event)
    body = Me(user=user.name, groups=sorted(user.groups), admin=user.is_administrator)
    return respond(200, body)


@router.get("/v1/me/requests")
def get_history() -> Response[str]:
    """List the user's own requests."""
    event = router.current_event
    asked = event.query_string_parameters or {}
    found = list_history(
        gateway(),
        signed_in(event.raw_event),
        cursor=asked.get("cursor") or None,
        space_id=asked.get("space") or None,
        words=asked.get("q") or None,
    )
    return respond(200, found)


@router.delete("/v1/me/requests/<request_id>")
def delete_own(request_id: str) -> Response[str]:
    """Delete one of the user's own requests."""
    user = signed_in(router.current_event.raw_event)
    delete_request(gateway(), read_id(request_id), user)
    return no_content()
