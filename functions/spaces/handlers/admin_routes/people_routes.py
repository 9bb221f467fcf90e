"""Routes for users."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from spaces.bootstrap import gateway
from spaces.handlers.rest.administrator import body, query, who
from spaces.handlers.rest.responses import no_content, respond
from spaces.services.administration.manage_people import (
    change_person,
    invite_person,
    list_people,
)
from spaces_protocol.admin_bodies import Invitation, PersonAction

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]


@router.get("/v1/admin/people")
def get_people() -> Response[str]:
    """List the users."""
    return respond(200, list_people(gateway(), query(router, "cursor")))


@router.post("/v1/admin/people")
def post_person() -> Response[str]:
    """Invite a user by e-mail."""
    return respond(201, invite_person(gateway(), body(router, Invitation), who(router)))


@router.post("/v1/admin/people/actions")
def post_action() -> Response[str]:
    """Change the rights of a user, or send an invitation again."""
    change_person(gateway(), body(router, PersonAction), who(router))
    return no_content()
