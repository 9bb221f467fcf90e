"""Routes for the settings of spaces."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from spaces.bootstrap import gateway
from spaces.domain.errors import InvalidInput
from spaces.handlers.rest.administrator import body, query, who
from spaces.handlers.rest.responses import respond
from spaces.services.administration.delete_space import delete_space
from spaces.services.administration.edit_space import (
    add_space,
    edit_space,
    find_definition,
    list_settings,
)
from spaces.services.administration.space_settings import settings_of

_DIGITS = 12

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]


@router.get("/v1/admin/spaces")
def get_spaces() -> Response[str]:
    """List all spaces with their settings."""
    return respond(200, list_settings(gateway()))


@router.post("/v1/admin/spaces")
def post_space() -> Response[str]:
    """Create a space."""
    return respond(201, add_space(gateway(), body(router, dict[str, Any]), who(router)))


@router.get("/v1/admin/spaces/<space>")
def get_space(space: str) -> Response[str]:
    """Show the settings of one space."""
    return respond(200, settings_of(gateway(), find_definition(gateway(), space)))


@router.put("/v1/admin/spaces/<space>")
def put_space(space: str) -> Response[str]:
    """Edit a space."""
    sent = body(router, dict[str, Any])
    return respond(200, edit_space(gateway(), space, sent, who(router)))


@router.delete("/v1/admin/spaces/<space>")
def remove_space(space: str) -> Response[str]:
    """Delete a space after ending its requests."""
    version = query(router, "version") or ""
    if not version.isdecimal() or len(version) > _DIGITS:
        raise InvalidInput("version is missing. Send the version of the space that you delete.")
    return respond(200, delete_space(gateway(), space, int(version), who(router)))
