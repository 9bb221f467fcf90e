"""Reads the streamed answer to a call of chat completions or completions."""

import time
from collections.abc import Mapping
from typing import Any

from spaces_protocol.model_call import Endpoint
from spaces_protocol.nesting import is_too_deep
from spaces_worker._functions.result import Result
from spaces_worker._session.piece import Piece
from spaces_worker.adapters._chat_stream import ChatAnswer
from spaces_worker.adapters._event_stream import ServerEvent
from spaces_worker.adapters._joined_answer import AnswerType, JoinedAnswer
from spaces_worker.adapters._server_error import ServerError
from spaces_worker.adapters._streamed_objects import pieces_of


class StreamedCall:
    """Collects one answer: its text for people, its objects, and the whole that they make.

    Args:
        endpoint: chat completions or completions.
        body: what the server was asked.
        model: the name of the model.
    """

    def __init__(self, endpoint: Endpoint, body: Mapping[str, Any], model: str) -> None:
        self._is_chat = endpoint == "chat.completions"
        self._expected = _alternatives(body)
        self._objects: list[Mapping[str, Any]] = []
        self._read = ChatAnswer(model, self._expected, on_object=self._objects.append)
        kind: AnswerType = "chat.completion" if self._is_chat else "text_completion"
        self._joined = JoinedAnswer(kind, self._expected)

    @property
    def is_done(self) -> bool:
        """Whether nothing follows."""
        return self._read.is_done

    @property
    def is_complete(self) -> bool:
        """Whether the server said that every alternative ends here."""
        only = self._expected == 1 and self._read.finish is not None
        said_all = self.is_done and self._joined.says_something
        return only or self._joined.is_finished or said_all

    @property
    def last_words(self) -> str:
        """The last that the server sent, for the log."""
        return self._read.last_words

    def take(self, event: ServerEvent) -> list[Piece]:
        """Take the next event and return what to stream of it.

        Raises:
            ServerError: the event is an error or cannot be read.
            UserError: the answer is too large to deliver.
        """
        return self._pieces(self._read.take(event))

    def take_whole(self) -> list[Piece]:
        """Take an answer that was not sent as events; call this at the end.

        Raises:
            ServerError: it is an error.
        """
        return self._pieces(self._read.take_whole())

    def result(self, request_id: str) -> Result:
        """Return everything but the streamed text; the data is the whole answer."""
        missing = {
            "id": f"{'chatcmpl' if self._is_chat else 'cmpl'}-{request_id}",
            "created": int(time.time()),
        }
        whole = {**missing, **self._joined.whole()}
        told = self._read.result()
        whole.setdefault("model", told.model)
        return Result(text=self._thoughts(whole), data=whole, model=told.model, usage=told.usage)

    def _pieces(self, text: str) -> list[Piece]:
        objects = [each for each in self._objects if _belongs(each)]
        self._objects.clear()
        for each in objects:
            if is_too_deep(each):
                raise ServerError(f"an object that is nested too deeply: {each}")
            self._joined.add(each)
        return pieces_of(objects, text)

    def _thoughts(self, whole: Mapping[str, Any]) -> str | None:
        """Return what the model thought if a person would see nothing else."""
        calls_tools = any(map(_calls_tools, whole["choices"]))
        if self._read.has_text or self._read.is_cut_off or calls_tools:
            return None
        return self._read.reasoning or None


def _belongs(value: Mapping[str, Any]) -> bool:
    """Whether an object is part of the answer and no ping."""
    return isinstance(value.get("choices"), list) or isinstance(value.get("usage"), Mapping)


def _calls_tools(choice: object) -> bool:
    """Whether an alternative calls tools; one that came whole may have any shape."""
    message = choice.get("message") if isinstance(choice, Mapping) else None
    return isinstance(message, Mapping) and bool(message.get("tool_calls"))


def _alternatives(body: Mapping[str, Any]) -> int:
    """Return how many answers a call asks for."""
    asked, prompt = body.get("n"), body.get("prompt")
    count = asked if isinstance(asked, int) and asked > 0 else 1
    is_many = isinstance(prompt, list) and any(isinstance(each, str | list) for each in prompt)
    return count * (len(prompt) if is_many and prompt else 1)
