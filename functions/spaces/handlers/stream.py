"""The streaming function behind CloudFront: started by `streaming_runtime`, called by its URL."""

import re
from typing import Any, Final

from spaces.bootstrap import gateway
from spaces.domain.errors import NotAllowed, NotFound, SpaceError
from spaces.handlers.mcp.routes import mcp
from spaces.handlers.openai.routes import openai
from spaces.handlers.overload import overload_as_busy
from spaces.handlers.rest.edge import came_through_edge
from spaces.handlers.rest.headers import headers_of
from spaces.handlers.rest.refusals import log_refusal
from spaces.handlers.streams.request_stream import stream_request
from spaces.handlers.streams.responses import Route, internal_error, refused
from spaces.observability import logger
from streaming_runtime.invocation import Context
from streaming_runtime.response import Response

_ROUTES: Final[tuple[tuple[str | None, re.Pattern[str], Route], ...]] = (
    (
        "GET",
        re.compile(r"/v1/stream/spaces/(?P<space>[^/]+)/requests/(?P<request_id>[^/]+)"),
        stream_request,
    ),
    (None, re.compile(r"/openai/v1/.*", re.DOTALL), openai),
    (None, re.compile(r"/mcp"), mcp),
)
"""Methods (None: all), patterns of paths, and what responds to them."""


def prepare() -> None:
    """Assemble the adapters while the process starts."""
    gateway()


def handler(event: dict[str, Any], context: Context) -> Response:
    """Respond to one call of the Function URL."""
    try:
        with overload_as_busy():
            return _respond(event, context)
    except SpaceError as error:
        log_refusal(error)
        return refused(error)
    except Exception:  # noqa: BLE001 - the handler's edge
        logger.exception("unexpected_error")
        return internal_error(context.aws_request_id)


def _respond(event: dict[str, Any], context: Context) -> Response:
    """Choose the route; only calls that came through CloudFront have one.

    Raises:
        NotAllowed: The Function URL was called directly.
        NotFound: There is no such path.
    """
    if not came_through_edge(headers_of(event)):
        raise NotAllowed("Call this API at the address of the page.")
    method = event["requestContext"]["http"]["method"]
    for wanted, pattern, route in _ROUTES:
        if wanted in (None, method) and (match := pattern.fullmatch(event["rawPath"])):
            return route(event, context, **match.groupdict())
    raise NotFound(f"There is no {method} {event['rawPath'][:100]}; see /v1/openapi.json.")
