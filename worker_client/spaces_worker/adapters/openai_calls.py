"""Passes whole calls on to a server of the OpenAI API, and its answers back."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any, Final

from spaces_protocol.model_call import ENDPOINTS, Endpoint, ModelCall
from spaces_worker._errors import SettingsError
from spaces_worker._functions.context import RequestContext
from spaces_worker._functions.result import Result
from spaces_worker._session.piece import Piece
from spaces_worker.adapters._answer_events import answer_events
from spaces_worker.adapters._call_fields import CallFields
from spaces_worker.adapters._input_urls import image_parts
from spaces_worker.adapters._openai_failure import failed, refused
from spaces_worker.adapters._plain_answer import PlainAnswer
from spaces_worker.adapters._server_error import ServerError
from spaces_worker.adapters._streamed_call import StreamedCall
from spaces_worker.adapters._upstream import Upstream, shortened

DEFAULT_ENDPOINTS: Final[tuple[Endpoint, ...]] = ("chat.completions", "completions")

_INSTRUCTIONS: Final = frozenset({"system", "developer"})
_STREAM_FIELDS: Final = frozenset({"stream", "stream_options"})

Pieces = AsyncGenerator[str | Piece | Result]


class OpenAICalls:
    """Answers calls; their bodies are posted as they came, with another ``model``.

    Args:
        server: the server, up to ``/v1``.
        model: the model's name on the server.
        system: a system prompt for conversations that have none.
        fields: which fields of a call are passed on.
    """

    def __init__(
        self, server: Upstream, model: str, *, system: str | None = None, fields: CallFields
    ) -> None:
        self._server = server
        self._model = model
        self._system = system
        self._fields = fields

    def answer(self, context: RequestContext, call: ModelCall) -> Pieces:
        """Yield what the server streams, then the whole answer."""
        body = {**self._fields.passing(call.body), "model": self._model}
        upstream = self._server.at(call.endpoint.replace(".", "/"))
        if call.endpoint in DEFAULT_ENDPOINTS:
            return self._streamed(upstream, context, call.endpoint, body)
        plain = {name: value for name, value in body.items() if name not in _STREAM_FIELDS}
        return PlainAnswer(upstream, context, self._model).pieces(call.endpoint, plain)

    async def _streamed(
        self, upstream: Upstream, context: RequestContext, endpoint: Endpoint, body: dict[str, Any]
    ) -> Pieces:
        if endpoint == "chat.completions":
            body["messages"] = await self._conversation(context, body.get("messages"))
        given = body.get("stream_options")
        options = given if isinstance(given, Mapping) else {}
        body |= {"stream": True, "stream_options": {**options, "include_usage": True}}
        answer = StreamedCall(endpoint, body, self._model)
        async with upstream.post(body, context.request_id, accept="text/event-stream") as response:
            if not response.is_success:
                raise await refused(upstream, context, response)
            try:
                async for event in answer_events(response, answer):
                    for piece in answer.take(event):
                        yield piece
                for piece in answer.take_whole():
                    yield piece
            except ServerError as error:
                raise failed(upstream, context, error) from error
        if not answer.is_complete:
            last = shortened(answer.last_words) or "nothing"
            reason = f"no finish reason or [DONE] after {last}"
            raise upstream.broken_off(context.request_id, reason)
        yield answer.result(context.request_id)

    async def _conversation(self, context: RequestContext, messages: Any) -> Any:  # noqa: ANN401
        """Return the messages with the system prompt, if there is none, and with the files."""
        if not isinstance(messages, list):
            return messages  # the server says what is wrong with it
        roles = {each.get("role") for each in messages if isinstance(each, dict)}
        has_instructions = bool(_INSTRUCTIONS & roles)
        first = [{"role": "system", "content": self._system}] if self._system else []
        conversation = messages if has_instructions else [*first, *messages]
        images = await image_parts(context)
        return _with_images(conversation, images) if images else conversation


def _with_images(messages: list[Any], images: list[dict[str, Any]]) -> list[Any]:
    """Return the messages with images in the last one, if it is the user's, or after it."""
    last = messages[-1] if messages and isinstance(messages[-1], dict) else {}
    content = last.get("content")
    parts = [{"type": "text", "text": content}] if isinstance(content, str) else content
    if last.get("role") != "user" or not isinstance(parts, list):
        return [*messages, {"role": "user", "content": images}]
    return [*messages[:-1], {**last, "content": [*parts, *images]}]


def endpoints_of(names: Sequence[str]) -> tuple[Endpoint, ...]:
    """Return the endpoints with these names.

    Raises:
        SettingsError: a name is not one of an endpoint.
    """
    for name in names:
        if name not in ENDPOINTS:
            known = ", ".join(ENDPOINTS)
            raise SettingsError(f"--endpoints: {name!r} is not an endpoint; known are {known}.")
    return tuple(each for each in ENDPOINTS if each in names)
