"""Joins the chunks of a streamed answer to the object that a server sends without streaming.

The rules are those of "Streaming events" in the OpenAI API and of its Python client. They are wider
where other servers need it: what comes again with every chunk, such as a role, is not joined, and
calls of tools may lack their index.
"""

from collections.abc import Mapping
from typing import Any, Final, Literal

from spaces_worker._functions.output_limit import OutputLimit
from spaces_worker.adapters._growing_fields import GrowingFields

AnswerType = Literal["chat.completion", "text_completion"]
UNFINISHED: Final = frozenset({"", "null", "none"})
"""Texts that some servers send instead of ``null`` for the finish reason."""

_MESSAGES: Final = frozenset({"delta", "message"})


class JoinedAnswer:
    """The whole answer so far.

    Args:
        kind: the ``object`` of the whole answer.
        choices: how many alternatives were asked for; if it is one, their index does not matter.
    """

    def __init__(self, kind: AnswerType, choices: int = 1) -> None:
        self._kind = kind
        self._expected = choices
        self._limit = OutputLimit()
        self._fields: dict[str, Any] = {}
        self._usage: dict[str, Any] = {}
        self._choices: dict[int, _Choice] = {}
        self._only: Mapping[str, Any] | None = None

    @property
    def is_finished(self) -> bool:
        """Whether every alternative has its finish reason."""
        return sum(each.finish is not None for each in self._choices.values()) >= self._expected

    @property
    def says_something(self) -> bool:
        """Whether an alternative has anything but a role."""
        return any(each.says_something for each in self._choices.values())

    def add(self, chunk: Mapping[str, Any]) -> None:
        """Add the next object that the server sent.

        Raises:
            UserError: the answer is too large to deliver.
        """
        self._only = None if self._fields else chunk
        self._update(self._fields, {**chunk, "choices": None})  # those are counted as they grow
        usage, choices = chunk.get("usage"), chunk.get("choices")
        if isinstance(usage, Mapping):
            self._update(self._usage, usage)
        for choice in choices if isinstance(choices, list) else []:
            if isinstance(choice, Mapping):
                self._choice(choice).add(choice)

    def whole(self) -> dict[str, Any]:
        """Return the whole answer; if the server did not stream it, exactly as it came."""
        if self._only is not None and self._only.get("object") == self._kind and self.is_finished:
            return dict(self._only)
        choices = [self._choices[index].whole(self._kind, index) for index in sorted(self._choices)]
        usage = {"usage": self._usage} if self._usage else {}
        return {**self._fields, "object": self._kind, "choices": choices, **usage}

    def _update(self, known: dict[str, Any], fields: Mapping[str, Any]) -> None:
        """Keep the last value of each field; null does not replace a value."""
        for name, value in fields.items():
            if name not in known:
                self._limit.add(name)
                known[name] = None
            if value is not None:
                self._limit.replace(known[name], value)
                known[name] = value

    def _choice(self, choice: Mapping[str, Any]) -> "_Choice":
        index = choice.get("index")
        place = index if isinstance(index, int) and index in range(self._expected) else 0
        return self._choices.setdefault(place, _Choice(self._limit))


class _Choice:
    """One alternative: its message, and what is said about it."""

    def __init__(self, limit: OutputLimit) -> None:
        self.finish: str | None = None
        self._about = GrowingFields(frozenset({"text"}), limit)
        self._message = GrowingFields(None, limit)
        self._has_deltas = False

    @property
    def says_something(self) -> bool:
        said = {**self._message.whole(), "text": self._about.whole().get("text")}
        return any(value for name, value in said.items() if name != "role")

    def add(self, choice: Mapping[str, Any]) -> None:
        self._about.add({name: each for name, each in choice.items() if name not in _MESSAGES})
        reason = choice.get("finish_reason")
        if isinstance(reason, str) and reason.strip().lower() not in UNFINISHED:
            self.finish = reason.strip()
        delta, message = choice.get("delta"), choice.get("message")
        if isinstance(delta, Mapping) and delta:
            self._has_deltas = True
            self._message.add(delta)
        elif isinstance(message, Mapping) and not self._has_deltas:
            self._message.add(message)  # some repeat the whole message after its pieces

    def whole(self, kind: AnswerType, index: int) -> dict[str, Any]:
        about = self._about.whole()
        message = {"role": "assistant", "content": None, **self._message.whole()}
        if kind == "text_completion":
            said: dict[str, Any] = {"text": about.get("text") or ""}
        else:
            said = {"message": message}
        finish = self.finish or ("tool_calls" if message.get("tool_calls") else "stop")
        return {"logprobs": None, **about, **said, "index": index, "finish_reason": finish}
