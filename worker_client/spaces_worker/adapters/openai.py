"""Answers requests with a chat completions server: Ollama, vLLM, llama.cpp, LM Studio."""

import contextlib
from collections.abc import AsyncGenerator
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from spaces_worker._errors import UserError
from spaces_worker._functions.context import RequestContext
from spaces_worker._functions.result import Result
from spaces_worker._session.piece import Piece
from spaces_worker.adapters._answer_events import answer_events
from spaces_worker.adapters._call_fields import CallFields
from spaces_worker.adapters._chat_stream import ChatAnswer
from spaces_worker.adapters._input_urls import image_parts
from spaces_worker.adapters._openai_failure import failed, refused
from spaces_worker.adapters._server_error import ServerError
from spaces_worker.adapters._upstream import Upstream, shortened
from spaces_worker.adapters.openai_calls import OpenAICalls


class ChatParams(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Options for users; passed on unchanged. The server chooses those that are missing."""

    temperature: Annotated[float, Meta(ge=0, le=2)] | None = None
    top_p: Annotated[float, Meta(gt=0, le=1)] | None = None
    max_tokens: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None
    seed: int | None = None
    presence_penalty: Annotated[float, Meta(ge=-2, le=2)] | None = None
    frequency_penalty: Annotated[float, Meta(ge=-2, le=2)] | None = None


class OpenAIChat:
    """Streams the answers of one model to prompts, and passes whole calls on.

    Args:
        url: base URL including ``/v1``.
        model: name of the model on the server.
        system: system prompt, sent before each prompt.
        api_key: for a server that needs one.
        silence_seconds: maximum time without data; see `Upstream`.
        fields: which fields of whole calls are passed on; all by default.

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
        fields: CallFields | None = None,
    ) -> None:
        server = Upstream(url, api_key=api_key, silence_seconds=silence_seconds)
        self._upstream = server.at("chat/completions")
        self._calls = OpenAICalls(server, model, system=system, fields=fields or CallFields())
        self._model = model
        self._system = system

    async def __call__(self, context: RequestContext) -> AsyncGenerator[str | Piece | Result]:
        """Yield the answer while it is generated, then the other fields.

        Cancelling the request closes the stream, which makes the server stop generating.
        """
        call = context.call
        answer = self._answer(context) if call is None else self._calls.answer(context, call)
        async with contextlib.aclosing(answer):
            async for piece in answer:
                yield piece

    async def _answer(self, context: RequestContext) -> AsyncGenerator[str | Piece | Result]:
        body = await self._body(context)
        answer = ChatAnswer(self._model)
        async with self._upstream.post(
            body, context.request_id, accept="text/event-stream"
        ) as response:
            if not response.is_success:
                raise await refused(self._upstream, context, response)
            try:
                async for event in answer_events(response, answer):
                    if text := answer.take(event):
                        yield text
                if text := answer.take_whole():
                    yield text
            except ServerError as error:
                raise failed(self._upstream, context, error) from error
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


async def _content(context: RequestContext) -> str | list[dict[str, Any]]:
    images = await image_parts(context)
    return [{"type": "text", "text": context.prompt}, *images] if images else context.prompt
