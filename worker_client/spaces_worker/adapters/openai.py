"""Answers requests with a chat completions server: Ollama, vLLM, llama.cpp, LM Studio."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Any, Final

import httpx
import msgspec
from msgspec import Meta, Struct

from spaces_worker._errors import UserError
from spaces_worker._functions.context import RequestContext
from spaces_worker._functions.result import Result
from spaces_worker.adapters._chat_stream import ChatAnswer
from spaces_worker.adapters._event_stream import ServerEvent, events_of
from spaces_worker.adapters._http_answer import refusal_of
from spaces_worker.adapters._input_urls import data_urls
from spaces_worker.adapters._lenient_json import count_of
from spaces_worker.adapters._server_error import ServerError, error_in
from spaces_worker.adapters._upstream import Upstream, shortened

LAST_SECONDS: Final = 10.0
"""How long a server may take to end the stream after the finish reason."""

_TOO_LONG: Final = frozenset({"context_length_exceeded", "exceed_context_size_error"})
"""Error codes of OpenAI and llama.cpp for a prompt that does not fit the model."""

_TOO_LONG_WORDS: Final = "maximum context length"
"""What vLLM says instead."""


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
        answer = ChatAnswer(self._model)
        async with self._upstream.post(
            body, context.request_id, accept="text/event-stream"
        ) as response:
            if not response.is_success:
                raise await self._refused(context, response)
            try:
                async for event in _events(response, answer):
                    if text := answer.take(event):
                        yield text
                if text := answer.take_whole():
                    yield text
            except ServerError as error:
                raise self._failed(context, 200, error.error, error.words) from error
        if not answer.has_text:
            yield self._without_text(context, answer)
        if not answer.is_complete:
            last = f"no finish reason or [DONE] after {shortened(answer.last_words)}"
            raise self._upstream.broken_off(context.request_id, last)
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

    async def _refused(self, context: RequestContext, response: httpx.Response) -> UserError:
        if response.has_redirect_location:
            return self._upstream.redirected(context.request_id, response)
        text = await refusal_of(response)
        return self._failed(context, response.status_code, error_in(text), text)

    def _failed(
        self, context: RequestContext, status: int, error: Mapping[str, Any], text: str
    ) -> UserError:
        if _is_too_long(error):
            self._upstream.log(context.request_id, f"answered {status}: {shortened(text)}")
            return UserError("The prompt is too long for this model.", error_type="prompt_too_long")
        return self._upstream.refused(context.request_id, _status_in(error) or status, text)

    def _without_text(self, context: RequestContext, answer: ChatAnswer) -> str:
        """Return what to show of a complete answer that has no text: what the model thought.

        Servers that take thoughts and text apart sometimes take the whole text for a thought.

        Raises:
            UserError: there is nothing to show.
        """
        if answer.is_complete and answer.reasoning.strip() and not answer.is_cut_off:
            return answer.reasoning
        reason = f"finish reason {answer.finish}" if answer.finish else "no finish reason"
        last = shortened(answer.last_words) or "nothing"
        self._upstream.log(context.request_id, f"answered without text ({reason}): {last}")
        if answer.finish is None:
            raise UserError("The model failed on this request.", error_type="model_failed")
        text = "The model gave no answer."
        if answer.finish == "length":
            text = "The model reached its token limit before it answered."
        raise UserError(text, error_type="model_empty")


async def _events(response: httpx.Response, answer: ChatAnswer) -> AsyncIterator[ServerEvent]:
    """Yield the events of a response; after the finish reason, its end need not be in order."""
    now, latest = asyncio.get_running_loop().time, None
    async with contextlib.aclosing(events_of(response.aiter_bytes())) as events:
        while not answer.is_done:
            if latest is None and answer.is_complete:
                latest = now() + LAST_SECONDS
            try:
                async with asyncio.timeout_at(latest):
                    event = await anext(events)
            except StopAsyncIteration:
                return
            except (TimeoutError, httpx.RequestError):
                if not answer.is_complete:
                    raise
                return
            yield event


def _is_too_long(error: Mapping[str, Any]) -> bool:
    kinds = {str(error.get("type")), str(error.get("code"))}
    return bool(_TOO_LONG & kinds) or _TOO_LONG_WORDS in str(error.get("message"))


def _status_in(error: Mapping[str, Any]) -> int | None:
    """Return the HTTP status that an error in a stream stands for."""
    found = count_of(error.get("code"))
    return found if found is not None and httpx.codes.is_error(found) else None


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
