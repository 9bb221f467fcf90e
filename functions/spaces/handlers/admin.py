"""Administration: over HTTP for signed-in administrators, invoked directly by the command line."""

from typing import Any

import msgspec

from spaces.bootstrap import gateway
from spaces.domain.errors import SpaceError
from spaces.domain.space import EditConflict
from spaces.handlers.admin_routes import (
    audit_routes,
    cover_routes,
    credential_routes,
    request_routes,
    space_routes,
    worker_routes,
)
from spaces.handlers.rest.administrator import who
from spaces.handlers.rest.app import App
from spaces.handlers.rest.call import Response
from spaces.handlers.rest.direct_call import DirectCall, event_of, is_direct, response_of
from spaces.handlers.rest.responses import refusal, respond
from spaces.services.administration.edit_space import view_conflict
from spaces_protocol.errors import ErrorType
from spaces_protocol.nesting import is_too_deep, too_deep
from spaces_protocol.wrong_fields import describe_fault


def _refuse(error: SpaceError) -> Response:
    if isinstance(error, EditConflict):
        return respond(409, view_conflict(gateway(), error))
    return refusal(error)


app = App(
    space_routes.router,
    cover_routes.router,
    credential_routes.router,
    worker_routes.router,
    request_routes.router,
    audit_routes.router,
    described_in="docs/api.md",
    check=who,
    refuse=_refuse,
)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 - Lambda's own
    """Respond to one call of an administrator.

    IAM (``lambda:InvokeFunction``) authorizes a direct invocation; the group in the token that the
    JWT authorizer has checked authorizes an HTTP call.
    """
    if not is_direct(event):
        return app.resolve(event, context)
    if is_too_deep(event):
        return _refused(too_deep("The call"))
    try:
        call = event_of(event)
    except msgspec.ValidationError as error:
        return _refused(f"{describe_fault(error, DirectCall)}.")
    return response_of(app.resolve(call, context))


def _refused(detail: str) -> dict[str, Any]:
    """Return the response to a direct invocation that is not a valid call."""
    return {"status": 422, "body": {"error_type": ErrorType.INVALID_INPUT.value, "detail": detail}}
