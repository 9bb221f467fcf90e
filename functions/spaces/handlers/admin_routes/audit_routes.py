"""Routes of the audit trail."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from spaces.bootstrap import gateway
from spaces.handlers.rest.administrator import body, expect_command_line, query, who
from spaces.handlers.rest.responses import respond
from spaces.services.administration.audit_people import audit_people
from spaces.services.administration.audited import view_audit
from spaces_protocol.admin_bodies import PeopleChange

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]


@router.get("/v1/admin/audit")
def get_audit() -> Response[str]:
    """List administrative changes, newest first."""
    return respond(200, view_audit(gateway(), query(router, "cursor")))


@router.post("/v1/admin/audit/people")
def post_note() -> Response[str]:
    """Audit a change to a user account; for the command line, which makes it in the user pool."""
    expect_command_line(router)
    return respond(201, audit_people(gateway(), body(router, PeopleChange), who(router)))
