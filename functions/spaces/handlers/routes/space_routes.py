"""Routes for spaces."""

from spaces.bootstrap import gateway
from spaces.handlers.rest.call import Call, Response
from spaces.handlers.rest.caller import caller_of
from spaces.handlers.rest.responses import respond
from spaces.handlers.rest.router import Router
from spaces.services.spaces.view_space import list_spaces, view_space

router = Router()


@router.get("/v1/spaces")
def get_spaces(call: Call) -> Response:
    """List the spaces that the caller may use, with their live state."""
    return respond(200, list_spaces(gateway(), caller_of(call.event)))


@router.get("/v1/spaces/<space>")
def get_space(call: Call, space: str) -> Response:
    """Show one space with its live state."""
    return respond(200, view_space(gateway(), space, caller_of(call.event)))
