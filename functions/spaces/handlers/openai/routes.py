"""Routes below ``/openai/v1``."""

import re
from collections.abc import Callable
from typing import Any, Final

from spaces.bootstrap import gateway
from spaces.domain.access.caller import owner_of
from spaces.domain.errors import RequestNotFound, SpaceError
from spaces.domain.openai.completions import Named
from spaces.domain.openai.errors import INVALID, ApiError
from spaces.domain.openai.prompt_params import cannot_do
from spaces.domain.timing import SECOND
from spaces.handlers.openai.calls import (
    caller_of_call,
    options_of_call,
    read_form_call,
    read_json_call,
    try_of,
)
from spaces.handlers.openai.responses import (
    error_response,
    internal_error,
    json_response,
    refused,
    request_id_header,
)
from spaces.handlers.openai.streamed_answers import streamed_answer
from spaces.handlers.openai.whole_answers import BASE, whole_answer
from spaces.handlers.overload import overload_as_busy
from spaces.handlers.rest.refusals import log_refusal
from spaces.observability import logger
from spaces.services.openai.answer_call import Wanted
from spaces.services.openai.begin_call import begin_call
from spaces.services.openai.list_models import list_models, view_model
from spaces.services.requests.view_request import find_request
from spaces_protocol.model_call import ENDPOINTS, Endpoint
from spaces_protocol.request_id import RequestId
from streaming_runtime.invocation import Context
from streaming_runtime.response import Response

Event = dict[str, Any]

_BY_PATH: Final[dict[str, Endpoint]] = {
    f"{BASE}/{endpoint.replace('.', '/')}": endpoint for endpoint in ENDPOINTS
}
_MODEL: Final = re.compile(rf"{BASE}/models/(?P<model>[^/]+)")
_PREFIX: Final = re.compile(r"^(chatcmpl|cmpl)-")
_SILENT: Final = frozenset({"embeddings", "images.generations"})
"""Endpoints whose answers cannot be streamed."""


def openai(event: Event, context: Context) -> Response:
    """Respond to one call of the OpenAI API; every error is in its shape."""
    try:
        with overload_as_busy():
            return _respond(event, context)
    except SpaceError as error:
        log_refusal(error)
        return refused(error, context.aws_request_id)
    except Exception:  # noqa: BLE001 - the handler's edge
        logger.exception("unexpected_error")
        return internal_error(context.aws_request_id)


def _respond(event: Event, context: Context) -> Response:
    method, path = event["requestContext"]["http"]["method"], event["rawPath"]
    for wanted, respond in _actions(path).items():
        if method == wanted:
            return respond(event, context)
    return _unknown(method, path, context)


def _actions(path: str) -> dict[str, Callable[[Event, Context], Response]]:
    """Return what responds to a path, by method."""
    if path == f"{BASE}/models":
        return {"GET": _models}
    if found := _MODEL.fullmatch(path):
        return {"GET": lambda event, _: _model(event, found["model"])}
    if endpoint := _BY_PATH.get(path):
        return {"POST": lambda event, context: _post(event, context, endpoint)}
    before, _, request_id = path.rpartition("/")
    if endpoint := _BY_PATH.get(before):
        return {"GET": lambda event, _: _wait(event, endpoint, request_id)}
    return {}


def _models(event: Event, _: Context) -> Response:
    return json_response(list_models(gateway(), caller_of_call(event)))


def _model(event: Event, model: str) -> Response:
    return json_response(view_model(gateway(), model, caller_of_call(event)))


def _post(event: Event, context: Context, endpoint: Endpoint) -> Response:
    caller = caller_of_call(event)
    is_form = endpoint == "audio.transcriptions"
    call = read_form_call(event, endpoint) if is_form else read_json_call(event, endpoint)
    if call.streams and endpoint in _SILENT:
        raise cannot_do("stream")
    request = begin_call(gateway(), call, caller, try_of(event), options_of_call(event)).request
    wanted = Wanted(endpoint, request.request_id, call.response_format)
    if not call.streams:
        return whole_answer(wanted)
    named = Named(endpoint, str(request.request_id), call.model, request.created_at // SECOND)
    return streamed_answer(wanted, named, context, include_usage=call.include_usage)


def _wait(event: Event, endpoint: Endpoint, text: str) -> Response:
    """Go on waiting for a request. Only its owner may, so that an id alone is no key.

    Raises:
        RequestNotFound: It does not exist or belongs to somebody else.
    """
    caller = caller_of_call(event)
    request_id = RequestId.parse(_PREFIX.sub("", text))
    if request_id is None or find_request(gateway(), request_id)[0].owner != owner_of(caller):
        raise RequestNotFound("The request does not exist. Check the URL and the API key.")
    query = event.get("queryStringParameters") or {}
    return whole_answer(Wanted(endpoint, request_id, query.get("response_format")))


def _unknown(method: str, path: str, context: Context) -> Response:
    shown = path[:100]
    for allowed in _actions(path):
        detail = f"Not allowed to {method} on {shown}. Use {allowed}."
        error = ApiError(405, INVALID, detail, code="method_not_allowed")
        return error_response(error, request_id_header(context.aws_request_id))
    detail = f"Invalid URL ({method} {shown}); see docs/openai.md."
    error = ApiError(404, INVALID, detail, code="unknown_url")
    return error_response(error, request_id_header(context.aws_request_id))
