"""Paths about the person who signed in."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from spaces.handlers.caller_of import signed_in
from spaces.handlers.rest_answers import respond
from spaces_protocol.rest_bodies import Me

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]


@router.get("/v1/me")
def get_me() -> Response[str]:
    """Show who has signed in."""
    user = signed_in(router.current_event.raw_event)
    body = Me(user=user.name, groups=sorted(user.groups), admin=user.is_administrator)
    return respond(200, body)
