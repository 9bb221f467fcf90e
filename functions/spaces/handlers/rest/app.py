"""What the REST API and the administration share: errors, unknown paths, HEAD and log keys."""

from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from spaces.domain.errors import SpaceError
from spaces.handlers.rest.head_method import respond_to_head
from spaces.handlers.rest.responses import internal_error, refusal, respond
from spaces.observability import logger
from spaces_protocol.errors import ErrorType
from spaces_protocol.rest_bodies import ErrorBody


def make_app(*routers: APIGatewayHttpRouter, described_in: str) -> APIGatewayHttpResolver:
    """Return an app that answers every call with JSON, whatever goes wrong.

    Args:
        described_in: where the 404 for an unknown path sends its reader.
    """
    app = APIGatewayHttpResolver()
    for router in routers:
        app.include_router(router)

    @app.not_found
    def unknown_path(_error: NotFoundError) -> Response[str]:
        event = app.current_event
        detail = f"There is no {event.http_method} {event.path[:100]}; see {described_in}."
        return respond(404, ErrorBody(detail=detail, error_type=ErrorType.NOT_FOUND))

    @app.exception_handler(SpaceError)  # type: ignore[untyped-decorator]
    def expected_error(error: SpaceError) -> Response[str]:
        return refusal(error)

    @app.exception_handler(Exception)  # type: ignore[untyped-decorator]
    def unexpected_error(_error: Exception) -> Response[str]:
        logger.exception("unexpected_error")
        return internal_error(app.current_event.request_context.request_id)

    return app


def resolve(app: APIGatewayHttpResolver, event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 - Lambda's own
    """Respond to one HTTP call, with its id and route in every log line."""
    logger.append_keys(
        gateway_request_id=event["requestContext"].get("requestId"),
        route=f"{event['requestContext']['http']['method']} {event['rawPath'][:100]}",
    )
    return respond_to_head(event, lambda call: app.resolve(call, context))
