"""Routes for worker tokens and API keys."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from spaces.bootstrap import gateway
from spaces.handlers.rest.administrator import body, socket_url, who
from spaces.handlers.rest.responses import no_content, respond
from spaces.services.administration import credentials
from spaces_protocol.admin_bodies import NewKey, NewToken, Revoked, Rotation

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]


@router.get("/v1/admin/tokens")
def get_tokens() -> Response[str]:
    """List all worker tokens."""
    return respond(200, credentials.list_tokens(gateway()))


@router.post("/v1/admin/tokens")
def post_token() -> Response[str]:
    """Create a worker token."""
    wanted = body(router, NewToken)
    return respond(201, credentials.add_token(gateway(), wanted, who(router), socket_url()))


@router.post("/v1/admin/tokens/<token_id>/rotate")
def rotate_token(token_id: str) -> Response[str]:
    """Issue a new secret for a worker token."""
    hours = body(router, Rotation).overlap_hours
    rotated = credentials.rotate_token(gateway(), token_id, hours, who(router), socket_url())
    return respond(201, rotated)


@router.delete("/v1/admin/tokens/<token_id>")
def delete_token(token_id: str) -> Response[str]:
    """Revoke a worker token and close its connections."""
    closed = credentials.revoke_token(gateway(), token_id, who(router))
    return respond(200, Revoked(closed_connections=closed))


@router.get("/v1/admin/keys")
def get_keys() -> Response[str]:
    """List all API keys."""
    return respond(200, credentials.list_keys(gateway()))


@router.post("/v1/admin/keys")
def post_key() -> Response[str]:
    """Create an API key."""
    return respond(201, credentials.add_key(gateway(), body(router, NewKey), who(router)))


@router.post("/v1/admin/keys/<key_id>/rotate")
def rotate_key(key_id: str) -> Response[str]:
    """Issue a new secret for an API key."""
    hours = body(router, Rotation).overlap_hours
    return respond(201, credentials.rotate_key(gateway(), key_id, hours, who(router)))


@router.delete("/v1/admin/keys/<key_id>")
def delete_key(key_id: str) -> Response[str]:
    """Revoke an API key."""
    credentials.revoke_key(gateway(), key_id, who(router))
    return no_content()
