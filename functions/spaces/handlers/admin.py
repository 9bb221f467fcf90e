"""Administration: over HTTP for signed-in administrators, invoked directly by the command line."""

from collections.abc import Callable
from typing import Any

import msgspec
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from spaces.bootstrap import gateway
from spaces.domain.space import EditConflict
from spaces.handlers.admin_routes import (
    audit_routes,
    cover_routes,
    credential_routes,
    people_routes,
    request_routes,
    space_routes,
    worker_routes,
)
from spaces.handlers.rest.administrator import administrator
from spaces.handlers.rest.app import make_app, resolve
from spaces.handlers.rest.direct_call import DirectCall, event_of, is_direct, response_of
from spaces.handlers.rest.responses import respond
from spaces.services.administration.edit_space import view_conflict
from spaces_protocol.errors import ErrorType
from spaces_protocol.nesting import is_too_deep, too_deep
from spaces_protocol.wrong_fields import describe_fault

app = make_app(
    space_routes.router,
    cover_routes.router,
    credential_routes.router,
    worker_routes.router,
    request_routes.router,
    people_routes.router,
    audit_routes.router,
    described_in="docs/api.md",
)


@app.exception_handler(EditConflict)  # type: ignore[untyped-decorator]
def _outdated(error: EditConflict) -> Response[str]:
    return respond(409, view_conflict(gateway(), error))


def _only_administrators(
    app: APIGatewayHttpResolver, next_middleware: Callable[..., Response[str]]
) -> Response[str]:
    administrator(app.current_event.raw_event)
    return next_middleware(app)


app.use(middlewares=[_only_administrators])


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 - Lambda's own
    """Respond to one call of an administrator.

    IAM (``lambda:InvokeFunction``) authorizes a direct invocation; the group in the token that the
    JWT authorizer has checked authorizes an HTTP call.
    """
    if not is_direct(event):
        return resolve(app, event, context)
    if is_too_deep(event):
        return _refused(too_deep("The call"))
    try:
        call = event_of(event)
    except msgspec.ValidationError as error:
        return _refused(f"{describe_fault(error, DirectCall)}.")
    return response_of(resolve(app, call, context))


def _refused(detail: str) -> dict[str, Any]:
    """Return the response to a direct invocation that is not a valid call."""
    return {"status": 422, "body": {"error_type": ErrorType.INVALID_INPUT.value, "detail": detail}}
