"""The REST API: the HTTP API's one function."""

from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError

from spaces.domain.errors import SpaceError
from spaces.handlers.rest.caller import user_of
from spaces.handlers.rest.head_method import answer_head
from spaces.handlers.rest.responses import internal_error, refusal, respond
from spaces.handlers.routes import (
    me_routes,
    openapi_route,
    request_routes,
    space_routes,
    upload_routes,
)
from spaces.observability import logger
from spaces_protocol.errors import ErrorType
from spaces_protocol.rest_bodies import ErrorBody

_SHARED = ("/v1/me/spaces", "/v1/me/uploads")

app = APIGatewayHttpResolver()
app.include_router(me_routes.router)
app.include_router(space_routes.router)
app.include_router(request_routes.router)
app.include_router(upload_routes.router)
app.include_router(openapi_route.router)


@app.not_found
def _no_such_path(_error: NotFoundError) -> Response[str]:
    event = app.current_event
    detail = f"There is no {event.http_method} {event.path[:100]}; see /v1/openapi.json."
    return respond(404, ErrorBody(detail=detail, error_type=ErrorType.NOT_FOUND))


@app.exception_handler(SpaceError)  # type: ignore[untyped-decorator]
def _refused(error: SpaceError) -> Response[str]:
    return refusal(error)


@app.exception_handler(Exception)  # type: ignore[untyped-decorator]
def _unexpected(_error: Exception) -> Response[str]:
    correlation_id = app.current_event.request_context.request_id
    logger.exception("unexpected_error")
    return internal_error(correlation_id)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 - Lambda's own
    """Answer one HTTP call."""
    logger.append_keys(
        gateway_request_id=event["requestContext"].get("requestId"),
        route=f"{event['requestContext']['http']['method']} {event['rawPath'][:100]}",
    )
    return answer_head(_as_for_everybody(event), lambda call: app.resolve(call, context))


def _as_for_everybody(event: dict[str, Any]) -> dict[str, Any]:
    """Let the paths of signed-in people lead where the same ones without ``/me`` do.

    Who calls is known from the authorizer, not from the path.
    """
    path = event["rawPath"]
    if not path.startswith(_SHARED) or user_of(event) is None:
        return event
    return {**event, "rawPath": path.replace("/me", "", 1)}
