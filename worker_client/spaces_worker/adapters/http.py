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
from spaces_worker.adapters._events import events_of
from spaces_worker.adapters._http_answer import content_type_of, file_of, refusal_of, text_of
from spaces_worker.adapters._input_urls import data_urls
from spaces_worker.adapters._json_result import result_of
from spaces_worker.adapters._upstream import Upstream

_UNPROCESSABLE: Final = 422
_ACCEPT: Final = "application/json, text/event-stream, text/*;q=0.9, */*;q=0.8"

Pieces = AsyncIterator[str | Result]


class _Refusal(msgspec.Struct):
    """Body of a 422 response, whose text is shown to the user."""

    detail: str


class _Step(msgspec.Struct):
    """Data of a ``progress`` event."""

    percent: float | None = None
    step: int | None = None
    total: int | None = None
    message: str | None = None


class HttpEndpoint:
    """Posts ``{"prompt", "params", "files"}`` to a URL and reads the response by its type.

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
            async for piece in self._pieces(context, response):
                yield piece

    def _pieces(self, context: RequestContext, response: httpx.Response) -> Pieces:
        kind = content_type_of(response)
        if kind == "text/event-stream":
            return self._events(context, response)
        if kind == "application/json" or kind.endswith("+json"):
            return self._json(context, response)
        if kind.startswith("text/"):
            return text_of(response)
        return file_of(response, context.folder)

    async def _events(self, context: RequestContext, response: httpx.Response) -> Pieces:
        async for event in events_of(response.aiter_bytes()):
            if event.data == "[DONE]":
                return
            match event.kind:
                case "progress":
                    _report_progress(context, event.data)
                case "error":
                    raise self._upstream.refused(context.request_id, 200, event.data)
                case "result":
                    yield self._read(context, event.data.encode())
                case _:
                    yield event.data

    async def _json(self, context: RequestContext, response: httpx.Response) -> Pieces:
        content = bytearray()
        limit = OutputLimit()
        async for piece in response.aiter_bytes():
            limit.add(piece)
            content += piece
        yield self._read(context, bytes(content))

    def _read(self, context: RequestContext, content: bytes) -> Result:
        try:
            return result_of(content)
        except msgspec.MsgspecError as error:
            text = f"invalid JSON ({error})"
            raise self._upstream.refused(context.request_id, 200, text) from error

    async def _refused(self, context: RequestContext, response: httpx.Response) -> UserError:
        text = await refusal_of(response)
        if response.status_code == _UNPROCESSABLE:
            with suppress(msgspec.MsgspecError):
                return UserError(
                    msgspec.json.decode(text, type=_Refusal).detail, error_type="invalid_input"
                )
        return self._upstream.refused(context.request_id, response.status_code, text)


async def _body(context: RequestContext) -> dict[str, Any]:
    urls = await data_urls(context)
    files = [
        {"name": file.name, "content_type": file.content_type, "size": file.size, "url": url}
        for file, url in zip(context.files, urls, strict=True)
    ]
    return {"prompt": context.prompt, "params": context.params, "files": files}


def _report_progress(context: RequestContext, data: str) -> None:
    with suppress(msgspec.MsgspecError):
        step = msgspec.json.decode(data, type=_Step)
        context.progress(step.percent, step=step.step, total=step.total, message=step.message)
