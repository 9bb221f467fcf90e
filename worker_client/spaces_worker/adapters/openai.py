"""Answers requests with a chat completions server: Ollama, vLLM, llama.cpp, LM Studio."""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Final

import httpx
import msgspec
from msgspec import Meta, Struct

from spaces_worker._errors import UserError
from spaces_worker._functions.context import RequestContext
from spaces_worker._functions.result import Result
from spaces_worker.adapters._chat_stream import Answer, Chunk, Failure
from spaces_worker.adapters._events import ServerEvent, events_of
from spaces_worker.adapters._http_answer import refusal_of
from spaces_worker.adapters._input_urls import data_urls
from spaces_worker.adapters._upstream import Upstream

_TOO_LONG: Final = frozenset({"context_length_exceeded", "exceed_context_size_error"})
"""Error codes of OpenAI, vLLM and llama.cpp for a prompt that does not fit the model."""


class ChatParams(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Options for users; passed on unchanged. The server chooses those that are missing."""

    temperature: Annotated[float, Meta(ge=0, le=2)] | None = None
    top_p: Annotated[float, Meta(gt=0, le=1)] | None = None
    max_tokens: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None
    seed: int | None = None
    presence_penalty: Annotated[float, Meta(ge=-2, le=2)] | None = None
    frequency_penalty: Annotated[float, Meta(ge=-2, le=2)] | None = None


class OpenAIChat:
    """Streams the answers of one model.

    Args:
        url: base URL including ``/v1``.
        model: name of the model on the server.
        system: system prompt, sent before each prompt.
        api_key: for a server that needs one.
        silence_seconds: maximum time without data; see `Upstream`.

    Raises:
        SettingsError: ``url`` is invalid.
    """

    def __init__(
        self,
        url: str,
        model: str,
        *,
        system: str | None = None,
        api_key: str | None = None,
        silence_seconds: float | None = None,
    ) -> None:
        address = f"{url.rstrip('/')}/chat/completions"
        self._upstream = Upstream(address, api_key=api_key, silence_seconds=silence_seconds)
        self._model = model
        self._system = system

    async def __call__(self, context: RequestContext) -> AsyncIterator[str | Result]:
        """Yield the text while it is generated, then the other fields.

        Cancelling the request closes the stream, which makes the server stop generating.
        """
        body = await self._body(context)
        answer = Answer(self._model)
        async with self._upstream.post(
            body, context.request_id, accept="text/event-stream"
        ) as response:
            if not response.is_success:
                raise await self._refused(context, response)
            async for event in events_of(response.aiter_bytes()):
                text = answer.take(self._chunk(context, event))
                if text:
                    yield text
        yield answer.result()

    async def _body(self, context: RequestContext) -> dict[str, Any]:
        system = [{"role": "system", "content": self._system}] if self._system else []
        return {
            **msgspec.to_builtins(context.params),
            "model": self._model,
            "messages": [*system, {"role": "user", "content": await _content(context)}],
            "stream": True,
            "stream_options": {"include_usage": True},
        }

    def _chunk(self, context: RequestContext, event: ServerEvent) -> Chunk:
        if event.data == "[DONE]":
            return Chunk()
        try:
            chunk = msgspec.json.decode(event.data, type=Chunk)
        except msgspec.MsgspecError as error:
            raise self._upstream.refused(context.request_id, 200, event.data) from error
        if event.kind == "error" or chunk.error is not None:
            raise self._failed(context, 200, chunk.error or Failure(), event.data)
        return chunk

    async def _refused(self, context: RequestContext, response: httpx.Response) -> UserError:
        text = await refusal_of(response)
        try:
            failure = msgspec.json.decode(text, type=Chunk).error
        except msgspec.MsgspecError:
            failure = None
        return self._failed(context, response.status_code, failure or Failure(), text)

    def _failed(
        self, context: RequestContext, status: int, failure: Failure, text: str
    ) -> UserError:
        if _TOO_LONG & {failure.type, failure.code}:
            return UserError("The prompt is too long for this model.", error_type="prompt_too_long")
        return self._upstream.refused(context.request_id, status, text)


async def _content(context: RequestContext) -> str | list[dict[str, Any]]:
    other = [file.name for file in context.files if not file.content_type.startswith("image/")]
    if other:
        raise UserError(
            f"This model only accepts images, not {other[0]}.", error_type="file_type_refused"
        )
    if not context.files:
        return context.prompt
    images = [{"type": "image_url", "image_url": {"url": url}} for url in await data_urls(context)]
    return [{"type": "text", "text": context.prompt}, *images]
