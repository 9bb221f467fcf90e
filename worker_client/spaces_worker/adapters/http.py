"""Answers requests with an HTTP server that takes JSON and returns JSON, text, events or a file."""

from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any, Final

import httpx
import msgspec

from spaces_worker._errors import UserError
from spaces_worker._functions.context import RequestContext
from spaces_worker._functions.output_limit import OutputLimit
from spaces_worker._functions.result import Result
from spaces_worker.adapters._event_stream import DONE, MESSAGE, STRAY, events_of
from spaces_worker.adapters._http_answer import (
    NoAnswer,
    content_type_of,
    file_of,
    refusal_of,
    text_of,
)
from spaces_worker.adapters._input_urls import data_urls
from spaces_worker.adapters._json_result import result_of
from spaces_worker.adapters._lenient_json import count_of, number_of, read_json
from spaces_worker.adapters._server_error import error_in
from spaces_worker.adapters._upstream import Upstream, shortened

_UNPROCESSABLE: Final = 422
_NO_CONTENT: Final = frozenset({204, 205})
_TEXT_KINDS: Final = frozenset({MESSAGE, "default", ""})
_ACCEPT: Final = "application/json, text/event-stream, text/*;q=0.9, */*;q=0.8"

_MAX_OTHERS: Final = 10
"""Number of different events without an answer that the log shows."""

Pieces = AsyncIterator[str | Result]


class HttpEndpoint:
    """Posts ``{"prompt", "params", "files", "call"}`` to a URL and reads the response by its type.

    Args:
        url: the URL.
        api_key: for a server that needs one.
        silence_seconds: maximum time without data; see `Upstream`.

    Raises:
        SettingsError: ``url`` is invalid.
    """

    def __init__(
        self, url: str, *, api_key: str | None = None, silence_seconds: float | None = None
    ) -> None:
        self._upstream = Upstream(url, api_key=api_key, silence_seconds=silence_seconds)

    async def __call__(self, context: RequestContext) -> Pieces:
        """Yield the text as it arrives, or the whole result at the end."""
        body = await _body(context)
        async with self._upstream.post(body, context.request_id, accept=_ACCEPT) as response:
            if not response.is_success:
                raise await self._refused(context, response)
            try:
                async for piece in self._pieces(context, response):
                    yield piece
            except NoAnswer as error:
                words = str(error) or "no content"
                self._upstream.log(context.request_id, f"answered {response.status_code}: {words}")
                raise UserError("The model gave no answer.", error_type="model_empty") from error

    def _pieces(self, context: RequestContext, response: httpx.Response) -> Pieces:
        kind = content_type_of(response)
        if response.status_code in _NO_CONTENT:
            return _empty_text()
        if kind == "text/event-stream":
            return self._events(context, response)
        if kind == "application/json" or kind.endswith("+json"):
            return self._json(context, response)
        if kind.startswith("text/"):
            return text_of(response)
        return file_of(response, context.folder)

    async def _events(self, context: RequestContext, response: httpx.Response) -> Pieces:
        answered, others = False, dict[str, None]()
        async for event in events_of(response.aiter_bytes()):
            if event.data == DONE:
                break
            match event.kind:
                case "progress":
                    _report_progress(context, event.data)
                case "error":
                    raise self._upstream.refused(context.request_id, 200, event.data)
                case "result":
                    result = self._read(context, event.data)
                    answered = answered or _answers(result)
                    yield result
                case kind if kind in _TEXT_KINDS:
                    answered = True
                    yield event.data
                case kind if kind == STRAY and error_in(event.data):
                    raise self._upstream.refused(context.request_id, 200, event.data)
                case kind if len(others) < _MAX_OTHERS:
                    word = event.data if kind == STRAY else f"event: {kind}"
                    others[shortened(word)] = None
        if not answered:
            raise NoAnswer(f"a stream without an answer; {', '.join(others) or 'it is empty'}")

    async def _json(self, context: RequestContext, response: httpx.Response) -> Pieces:
        content = bytearray()
        limit = OutputLimit()
        async for piece in response.aiter_bytes():
            limit.add(piece)
            content += piece
        if not content.strip():
            raise NoAnswer
        result = self._read(context, bytes(content))
        if not _answers(result):
            raise NoAnswer("null")
        yield result

    def _read(self, context: RequestContext, content: str | bytes) -> Result:
        def dropped(reason: str) -> None:
            self._upstream.log(
                context.request_id, f"sent an invalid field, which is left out: {reason}"
            )

        try:
            return result_of(content, dropped)
        except ValueError as error:
            text = f"invalid JSON ({error})"
            raise self._upstream.refused(context.request_id, 200, text) from error

    async def _refused(self, context: RequestContext, response: httpx.Response) -> UserError:
        if response.has_redirect_location:
            return self._upstream.redirected(context.request_id, response)
        text = await refusal_of(response)
        if response.status_code == _UNPROCESSABLE and (detail := _detail_in(text)):
            return UserError(detail, error_type="invalid_input")
        return self._upstream.refused(context.request_id, response.status_code, text)


def _answers(result: Result) -> bool:
    return result.text is not None or result.data is not None


async def _empty_text() -> Pieces:
    yield ""


def _detail_in(content: str) -> str:
    """Return the text of a 422 response that is shown to the user; empty if there is none."""
    with suppress(ValueError):
        body = read_json(content)
        detail = body.get("detail") if isinstance(body, dict) else None
        return detail.strip() if isinstance(detail, str) else ""
    return ""


async def _body(context: RequestContext) -> dict[str, Any]:
    urls = await data_urls(context)
    files = [
        {"name": file.name, "content_type": file.content_type, "size": file.size, "url": url}
        for file, url in zip(context.files, urls, strict=True)
    ]
    call = {} if context.call is None else {"call": msgspec.to_builtins(context.call)}
    return {"prompt": context.prompt, "params": context.params, "files": files, **call}


def _report_progress(context: RequestContext, data: str) -> None:
    with suppress(ValueError):
        step = read_json(data)
        if isinstance(step, dict):
            message = step.get("message")
            context.progress(
                number_of(step.get("percent")),
                step=count_of(step.get("step")),
                total=count_of(step.get("total")),
                message=message if isinstance(message, str) else None,
            )
