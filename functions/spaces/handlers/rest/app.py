"""What the REST API and the administration share: errors, unknown paths, HEAD and log keys."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from spaces.domain.errors import NotFound, SpaceError
from spaces.domain.request_options import read_traceparent
from spaces.handlers.overload import overload_as_busy
from spaces.handlers.rest.direct_call import COMMAND_LINE
from spaces.handlers.rest.head_method import respond_to_head
from spaces.handlers.rest.headers import headers_of
from spaces.handlers.rest.refusals import log_refusal
from spaces.handlers.rest.responses import internal_error, refusal, respond
from spaces.http_routes import route_key_of
from spaces.observability import logger
from spaces_protocol.errors import ErrorType
from spaces_protocol.rest_bodies import ErrorBody


def make_app(*routers: APIGatewayHttpRouter, described_in: str) -> APIGatewayHttpResolver:
    """Return an app that answers every call with JSON, whatever goes wrong.

    Args:
        described_in: where the 404 for an unknown path sends its reader.
    """
    app = APIGatewayHttpResolver()
    app.use(middlewares=[_by_its_own_route])
    for router in routers:
        app.include_router(router)

    @app.not_found
    def unknown_path(_error: NotFoundError) -> Response[str]:
        event = app.current_event
        detail = f"There is no {event.http_method} {event.path[:100]}; see {described_in}."
        return respond(404, ErrorBody(detail=detail, error_type=ErrorType.NOT_FOUND))

    @app.exception_handler(SpaceError)  # type: ignore[untyped-decorator]
    def expected_error(error: SpaceError) -> Response[str]:
        log_refusal(error)
        return refusal(error)

    @app.exception_handler(Exception)  # type: ignore[untyped-decorator]
    def unexpected_error(_error: Exception) -> Response[str]:
        logger.exception("unexpected_error")
        return internal_error(app.current_event.request_context.request_id)

    return app


def _by_its_own_route(
    app: APIGatewayHttpResolver, next_middleware: Callable[..., Response[str]]
) -> Response[str]:
    """Refuse a call that API Gateway let through by a route that is not its own.

    Raises:
        NotFound: The rate or the authorizer of another route was applied, as with a path whose
            letters are escaped.
        Busy: AWS is overloaded.
    """
    context = app.current_event.raw_event["requestContext"]
    http = context["http"]
    own = route_key_of(http["method"], http["path"])
    if COMMAND_LINE not in context and context.get("routeKey") != own:
        raise NotFound(
            f"There is no {http['method']} by an escaped path. Send its letters, digits, '-' and "
            "'/' unescaped."
        )
    with overload_as_busy():
        return next_middleware(app)


def resolve(app: APIGatewayHttpResolver, event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 - Lambda's own
    """Respond to one HTTP call, with its id, route and trace in every log line."""
    logger.append_keys(
        gateway_request_id=event["requestContext"].get("requestId"),
        route=f"{event['requestContext']['http']['method']} {event['rawPath'][:100]}",
        traceparent=read_traceparent(headers_of(event).get("traceparent")),
    )
    return respond_to_head(event, lambda call: app.resolve(call, context))
