"""Routes for spaces."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from spaces.bootstrap import gateway
from spaces.handlers.rest.caller import caller_of
from spaces.handlers.rest.responses import respond
from spaces.services.spaces.view_space import list_spaces, view_space

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]


@router.get("/v1/spaces")
def get_spaces() -> Response[str]:
    """List the spaces that the caller may use, with their live state."""
    return respond(200, list_spaces(gateway(), caller_of(router.current_event.raw_event)))


@router.get("/v1/spaces/<space>")
def get_space(space: str) -> Response[str]:
    """Show one space with its live state."""
    return respond(200, view_space(gateway(), space, caller_of(router.current_event.raw_event)))
