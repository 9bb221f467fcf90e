"""Error messages for requests that an OpenAI-compatible server refuses or fails on."""

from collections.abc import Mapping
from typing import Any, Final

import httpx

from spaces_worker._errors import UserError
from spaces_worker._functions.context import RequestContext
from spaces_worker.adapters._http_answer import refusal_of
from spaces_worker.adapters._lenient_json import count_of
from spaces_worker.adapters._server_error import ServerError, error_in
from spaces_worker.adapters._upstream import Upstream, shortened

_TOO_LONG: Final = frozenset({"context_length_exceeded", "exceed_context_size_error"})
"""Error codes of OpenAI and llama.cpp for a prompt that does not fit the model."""
_TOO_LONG_WORDS: Final = "maximum context length"
"""What vLLM says instead."""
_ABOUT_FIELDS: Final = frozenset({400, 422})
"""Statuses of a refusal that is about what the caller sent."""


async def refused(
    upstream: Upstream, context: RequestContext, response: httpx.Response
) -> UserError:
    """Return the exception to raise for an error response."""
    if response.has_redirect_location:
        return upstream.redirected(context.request_id, response)
    text = await refusal_of(response)
    return _failure(upstream, context, response.status_code, error_in(text), text)


def failed(upstream: Upstream, context: RequestContext, error: ServerError) -> UserError:
    """Return the exception to raise for an error within an answer."""
    return _failure(upstream, context, 200, error.error, error.words)


def _failure(
    upstream: Upstream,
    context: RequestContext,
    status: int,
    error: Mapping[str, Any],
    text: str,
) -> UserError:
    status = _status_in(error) or status
    message = error.get("message")
    if _is_too_long(error):
        upstream.log(context.request_id, f"answered {status}: {shortened(text)}")
        return UserError("The prompt is too long for this model.", error_type="prompt_too_long")
    if context.call is not None and status in _ABOUT_FIELDS and isinstance(message, str):
        upstream.log(context.request_id, f"answered {status}: {shortened(text)}")
        return UserError(shortened(message), error_type="invalid_request")
    return upstream.refused(context.request_id, status, text)


def _is_too_long(error: Mapping[str, Any]) -> bool:
    kinds = {str(error.get("type")), str(error.get("code"))}
    return bool(_TOO_LONG & kinds) or _TOO_LONG_WORDS in str(error.get("message"))


def _status_in(error: Mapping[str, Any]) -> int | None:
    """Return the HTTP status that an error stands for."""
    found = count_of(error.get("code"))
    return found if found is not None and httpx.codes.is_error(found) else None
