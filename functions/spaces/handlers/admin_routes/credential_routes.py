"""Routes for worker tokens and API keys."""

from spaces.bootstrap import gateway
from spaces.handlers.rest.administrator import body, socket_url, who
from spaces.handlers.rest.call import Call, Response
from spaces.handlers.rest.responses import no_content, respond
from spaces.handlers.rest.router import Router
from spaces.services.administration import credentials
from spaces_protocol.admin_bodies import NewKey, NewToken, Revoked, Rotation

router = Router()


@router.get("/v1/admin/tokens")
def get_tokens(_call: Call) -> Response:
    """List all worker tokens."""
    return respond(200, credentials.list_tokens(gateway()))


@router.post("/v1/admin/tokens")
def post_token(call: Call) -> Response:
    """Create a worker token."""
    wanted = body(call, NewToken)
    return respond(201, credentials.add_token(gateway(), wanted, who(call), socket_url()))


@router.post("/v1/admin/tokens/<token_id>/rotate")
def rotate_token(call: Call, token_id: str) -> Response:
    """Issue a new secret for a worker token."""
    hours = body(call, Rotation).overlap_hours
    rotated = credentials.rotate_token(gateway(), token_id, hours, who(call), socket_url())
    return respond(201, rotated)


@router.delete("/v1/admin/tokens/<token_id>")
def delete_token(call: Call, token_id: str) -> Response:
    """Revoke a worker token and close its connections."""
    closed = credentials.revoke_token(gateway(), token_id, who(call))
    return respond(200, Revoked(closed_connections=closed))


@router.get("/v1/admin/keys")
def get_keys(_call: Call) -> Response:
    """List all API keys."""
    return respond(200, credentials.list_keys(gateway()))


@router.post("/v1/admin/keys")
def post_key(call: Call) -> Response:
    """Create an API key."""
    return respond(201, credentials.add_key(gateway(), body(call, NewKey), who(call)))


@router.post("/v1/admin/keys/<key_id>/rotate")
def rotate_key(call: Call, key_id: str) -> Response:
    """Issue a new secret for an API key."""
    hours = body(call, Rotation).overlap_hours
    return respond(201, credentials.rotate_key(gateway(), key_id, hours, who(call)))


@router.delete("/v1/admin/keys/<key_id>")
def delete_key(call: Call, key_id: str) -> Response:
    """Revoke an API key."""
    credentials.revoke_key(gateway(), key_id, who(call))
    return no_content()
