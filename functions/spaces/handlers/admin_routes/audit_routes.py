"""Path of the audit trail."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from spaces.bootstrap import gateway
from spaces.handlers.administrator import query
from spaces.handlers.rest_answers import respond
from spaces.services.administration.audited import view_audit

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]


@router.get("/v1/admin/audit")
def get_audit() -> Response[str]:
    """List administrative changes, the newest first."""
    return respond(200, view_audit(gateway(), query(router, "cursor")))
