"""Administration: by HTTP for people who signed in, by direct invocation for the command line."""

from collections.abc import Callable
from typing import Any

import msgspec
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError

from spaces.bootstrap import gateway
from spaces.domain.errors import EditConflict, SpaceError
from spaces.handlers.admin_routes import (
    audit_routes,
    cover_routes,
    credential_routes,
    request_routes,
    space_routes,
    worker_routes,
)
from spaces.handlers.rest.administrator import administrator
from spaces.handlers.rest.direct_call import DirectCall, answer_of, event_of, is_direct
from spaces.handlers.rest.head_method import answer_head
from spaces.handlers.rest.responses import internal_error, refusal, respond
from spaces.observability import logger
from spaces.services.administration.edit_space import view_conflict
from spaces_protocol.errors import ErrorType
from spaces_protocol.rest_bodies import ErrorBody
from spaces_protocol.wrong_fields import describe_fault

app = APIGatewayHttpResolver()
app.include_router(space_routes.router)
app.include_router(cover_routes.router)
app.include_router(credential_routes.router)
app.include_router(worker_routes.router)
app.include_router(request_routes.router)
app.include_router(audit_routes.router)


@app.not_found
def _no_such_path(_error: NotFoundError) -> Response[str]:
    event = app.current_event
    detail = f"There is no {event.http_method} {event.path[:100]}; see docs/api.md."
    return respond(404, ErrorBody(detail=detail, error_type=ErrorType.NOT_FOUND))


@app.exception_handler(EditConflict)  # type: ignore[untyped-decorator]
def _outdated(error: EditConflict) -> Response[str]:
    return respond(409, view_conflict(gateway(), error))


@app.exception_handler(SpaceError)  # type: ignore[untyped-decorator]
def _refused(error: SpaceError) -> Response[str]:
    return refusal(error)


@app.exception_handler(Exception)  # type: ignore[untyped-decorator]
def _unexpected(_error: Exception) -> Response[str]:
    correlation_id = app.current_event.request_context.request_id
    logger.exception("unexpected_error")
    return internal_error(correlation_id)


def _only_administrators(
    app: APIGatewayHttpResolver, next_middleware: Callable[..., Response[str]]
) -> Response[str]:
    administrator(app.current_event.raw_event)
    return next_middleware(app)


app.use(middlewares=[_only_administrators])


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 - Lambda's own
    """Answer one call of an administrator.

    A direct invocation is let in by IAM (``lambda:InvokeFunction``), an HTTP call by the group in
    the token that the JWT authorizer has checked.
    """
    if not is_direct(event):
        return _answer(event, context)
    try:
        call = event_of(event)
    except msgspec.ValidationError as error:
        body = {
            "error_type": ErrorType.INVALID_INPUT.value,
            "detail": f"{describe_fault(error, DirectCall)}.",
        }
        return {"status": 422, "body": body}
    return answer_of(_answer(call, context))


def _answer(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 - Lambda's own
    logger.append_keys(
        gateway_request_id=event["requestContext"].get("requestId"),
        route=f"{event['requestContext']['http']['method']} {event['rawPath'][:100]}",
    )
    return answer_head(event, lambda call: app.resolve(call, context))
