"""Routes of the audit trail."""

from spaces.bootstrap import gateway
from spaces.handlers.rest.administrator import body, expect_command_line, query, who
from spaces.handlers.rest.call import Call, Response
from spaces.handlers.rest.responses import respond
from spaces.handlers.rest.router import Router
from spaces.services.administration.audit_people import audit_people
from spaces.services.administration.audited import view_audit
from spaces_protocol.admin_bodies import PeopleChange

router = Router()


@router.get("/v1/admin/audit")
def get_audit(call: Call) -> Response:
    """List administrative changes, newest first."""
    return respond(200, view_audit(gateway(), query(call, "cursor")))


@router.post("/v1/admin/audit/people")
def post_note(call: Call) -> Response:
    """Audit a change to a user account; for the command line, which makes it in the user pool."""
    expect_command_line(call)
    return respond(201, audit_people(gateway(), body(call, PeopleChange), who(call)))
