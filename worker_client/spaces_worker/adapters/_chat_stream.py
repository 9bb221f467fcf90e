"""Reads the answer of a chat completions server; see "Streaming events" in the OpenAI API.

Strict where it matters: only a finish reason, or ``[DONE]`` after text, completes an answer, and
an error in any of its forms fails it. Tolerant about everything else: what says nothing is skipped,
and counts that are not counts are dropped.
"""

from collections.abc import Callable, Mapping
from typing import Final

from spaces_protocol.worker_messages import Usage
from spaces_worker._functions.output_limit import OutputLimit
from spaces_worker._functions.result import Result
from spaces_worker.adapters._event_stream import DONE, MESSAGE, STRAY, ServerEvent
from spaces_worker.adapters._joined_answer import UNFINISHED
from spaces_worker.adapters._lenient_json import json_values, read_json
from spaces_worker.adapters._server_error import Fields, ServerError, as_list, error_of
from spaces_worker.adapters._usage import counts_in

COMPLETE: Final = frozenset({"stop", "eos", "eos_token", "stop_sequence", "end_turn"})
"""Finish reasons of an answer that was not cut off, in lower case."""

_REASONING: Final = ("reasoning_content", "reasoning", "thinking")
"""Fields for what a model thinks; DeepSeek, vLLM and llama.cpp use the first."""


class ChatAnswer:
    """Collects one answer from the events of a response.

    Args:
        model: the name of the model.
        choices: how many alternatives were asked for; the text is that of the first.
        on_object: called with each object that the server sends and that is no error.

    Attributes:
        finish: the finish reason; None while there is none.
        is_done: whether nothing follows.
        has_text: whether the answer has text that a person can see.
    """

    def __init__(
        self,
        model: str,
        choices: int = 1,
        on_object: Callable[[Fields], object] = lambda _: None,
    ) -> None:
        self.finish: str | None = None
        self.is_done = False
        self.has_text = False
        self._model = model
        self._asked = choices
        self._on_object = on_object
        self._counts: dict[str, int] = {}
        self._has_deltas = False
        self._reasoning: list[str] = []
        self._stray: list[str] = []
        self._limit = OutputLimit()
        self._last = ""

    @property
    def is_complete(self) -> bool:
        """Whether the server said that the answer ends here."""
        said_something = self.has_text or bool(self._reasoning)
        return self.finish is not None or (self.is_done and said_something)

    @property
    def is_cut_off(self) -> bool:
        """Whether the finish reason says that the answer is not whole."""
        return self.finish is not None and self.finish.lower() not in COMPLETE

    @property
    def reasoning(self) -> str:
        """What the model thought before it answered."""
        return "".join(self._reasoning)

    @property
    def last_words(self) -> str:
        """The last event, or everything that was not sent as an event; for the log."""
        return self._last or "\n".join(self._stray)

    def take(self, event: ServerEvent) -> str:
        """Take the next event and return the text that it adds to the answer.

        Raises:
            ServerError: the event is an error or cannot be read.
            UserError: what is not part of the answer is too large to keep.
        """
        data = event.data.strip()
        if event.kind == STRAY:
            return self._take_stray(event.data)
        if data == DONE:
            self.is_done = True
            return ""
        if not data or data.startswith(":"):  # a comment that a proxy put into an event
            return ""
        self._last = data
        try:
            value = read_json(data)
        except ValueError as error:
            if event.kind in {MESSAGE, "error"}:
                raise ServerError(data) from error
            return ""
        if event.kind == "error":
            raise ServerError(data, error_of(value) or value)
        return self._said(value, data)

    def take_whole(self) -> str:
        """Return the text of an answer that was not sent as events; call this at the end.

        Raises:
            ServerError: it is an error.
        """
        if self.is_complete or self.has_text:
            return ""
        words = "\n".join(self._stray)
        values = json_values(words.strip().removesuffix(f"data: {DONE}"))
        text = "".join(self._said(value, words) for value in values)
        if text and len(values) == 1:
            self.finish = self.finish or "stop"
        return text

    def result(self) -> Result:
        """Return everything but the text; the finish reason is included if it was cut off."""
        data = {"finish_reason": self.finish} if self.is_cut_off else None
        usage = Usage(**self._counts) if self._counts else None
        return Result(model=self._model, usage=usage, data=data)

    def _take_stray(self, line: str) -> str:
        self._limit.add(line)
        self._stray.append(line)
        for value in json_values(line):
            if error := error_of(value):
                raise ServerError(line, error)
        return ""

    def _said(self, sent: object, words: str) -> str:
        """Take a value that the server sent, and return its text."""
        text = ""
        for value in as_list(sent):
            if isinstance(value, str) and value.strip():
                raise ServerError(words)
            if error := error_of(value):
                raise ServerError(words, error)
            if not isinstance(value, Mapping):
                continue
            self._counts |= counts_in(value.get("usage"))
            choices = value.get("choices")
            for choice in choices if isinstance(choices, list) else []:
                text += self._chosen(choice, words) if isinstance(choice, Mapping) else ""
            if text and value.get("object") == "chat.completion":
                self.finish = self.finish or "stop"
            self._on_object(value)
        self.has_text = self.has_text or bool(text.strip())
        return text

    def _chosen(self, choice: Fields, words: str) -> str:
        """Take a piece of an alternative, and return its text if it is of the first."""
        reason = choice.get("finish_reason")
        if choice.get("error") or reason == "error":
            raise ServerError(words, choice.get("error"))
        if isinstance(reason, str) and reason.strip().lower() not in UNFINISHED:
            self.finish = reason.strip()
        if self._asked > 1 and choice.get("index", 0) != 0:
            return ""
        part = choice.get("delta") or {}
        if not part and not self._has_deltas:  # some repeat the whole message after its pieces
            return self._text_of(choice.get("message") or {"content": choice.get("text")})
        text = self._text_of(part)
        self._has_deltas = self._has_deltas or bool(text)
        return text

    def _text_of(self, part: object) -> str:
        if not isinstance(part, Mapping):
            return ""
        thoughts = (_plain(part.get(name)) for name in _REASONING)
        content = part.get("content")
        thinking = "".join(_plain(each.get("thinking")) for each in _parts(content))
        self._think(next(filter(None, thoughts), "") + thinking)
        return _plain(content) + _plain(part.get("refusal"))

    def _think(self, text: str) -> None:
        if text:
            self._limit.add(text)
            self._reasoning.append(text)


def _plain(content: object) -> str:
    """Return the text of a content, which may be a list of parts."""
    if isinstance(content, str):
        return content
    texts = (each.get("text") for each in _parts(content) if each.get("type", "text") == "text")
    return "".join(each for each in texts if isinstance(each, str))


def _parts(content: object) -> list[Fields]:
    parts = content if isinstance(content, list) else []
    return [{"text": each} if isinstance(each, str) else each for each in parts if _is_part(each)]


def _is_part(value: object) -> bool:
    return isinstance(value, str | Mapping)
