"""Routes for the settings of spaces."""

from typing import Any

from spaces.bootstrap import gateway
from spaces.domain.errors import InvalidInput
from spaces.handlers.rest.administrator import body, query, who
from spaces.handlers.rest.call import Call, Response
from spaces.handlers.rest.responses import respond
from spaces.handlers.rest.router import Router
from spaces.services.administration.delete_space import delete_space
from spaces.services.administration.edit_space import (
    add_space,
    edit_space,
    find_definition,
    list_settings,
)
from spaces.services.administration.space_settings import settings_of

_DIGITS = 12

router = Router()


@router.get("/v1/admin/spaces")
def get_spaces(_call: Call) -> Response:
    """List all spaces with their settings."""
    return respond(200, list_settings(gateway()))


@router.post("/v1/admin/spaces")
def post_space(call: Call) -> Response:
    """Create a space."""
    return respond(201, add_space(gateway(), body(call, dict[str, Any]), who(call)))


@router.get("/v1/admin/spaces/<space>")
def get_space(_call: Call, space: str) -> Response:
    """Show the settings of one space."""
    return respond(200, settings_of(gateway(), find_definition(gateway(), space)))


@router.put("/v1/admin/spaces/<space>")
def put_space(call: Call, space: str) -> Response:
    """Edit a space."""
    sent = body(call, dict[str, Any])
    return respond(200, edit_space(gateway(), space, sent, who(call)))


@router.delete("/v1/admin/spaces/<space>")
def remove_space(call: Call, space: str) -> Response:
    """Delete a space after ending its requests."""
    version = query(call, "version") or ""
    if not version.isdecimal() or len(version) > _DIGITS:
        raise InvalidInput("version is missing. Send the version of the space that you delete.")
    return respond(200, delete_space(gateway(), space, int(version), who(call)))
