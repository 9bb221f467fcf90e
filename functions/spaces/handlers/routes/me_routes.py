"""Routes for the signed-in user."""

from spaces.bootstrap import gateway
from spaces.handlers.rest.call import Call, Response
from spaces.handlers.rest.caller import signed_in
from spaces.handlers.rest.request_ids import read_id
from spaces.handlers.rest.responses import no_content, respond
from spaces.handlers.rest.router import Router
from spaces.services.requests.delete_request import delete_request
from spaces.services.requests.list_history import list_history
from spaces_protocol.rest_bodies import Me

router = Router()


@router.get("/v1/me")
def get_me(call: Call) -> Response:
    """Show the signed-in user."""
    user = signed_in(call.event)
    body = Me(user=user.name, groups=sorted(user.groups), admin=user.is_administrator)
    return respond(200, body)


@router.get("/v1/me/requests")
def get_history(call: Call) -> Response:
    """List the user's own requests."""
    found = list_history(
        gateway(),
        signed_in(call.event),
        cursor=call.query("cursor") or None,
        space_id=call.query("space") or None,
        words=call.query("q") or None,
    )
    return respond(200, found)


@router.delete("/v1/me/requests/<request_id>")
def delete_own(call: Call, request_id: str) -> Response:
    """Delete one of the user's own requests."""
    user = signed_in(call.event)
    delete_request(gateway(), read_id(request_id), user)
    return no_content()
