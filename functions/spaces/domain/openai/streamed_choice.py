"""One choice of an answer that streams: what was sent of it, and what is missing."""

from typing import Any, Final

from spaces.domain.openai.joined_deltas import NOTHING, Diverged, join, rest_of

Choice = dict[str, Any]

_OF_THE_CHOICE: Final = frozenset({"index", "finish_reason", "delta", "message", "role"})


class StreamedChoice:
    """Notes what was sent of a choice.

    The finish reason is held back until the whole answer is known, because clients ignore what
    comes after it.

    Args:
        index: The number of the choice.
        is_chat: Whether it is a message, not only a text.
    """

    def __init__(self, index: int, *, is_chat: bool) -> None:
        self._index = index
        self._is_chat = is_chat
        self._sent: dict[str, Any] = {}
        self._has_role = False
        self._finish: Choice | None = None

    @property
    def has_content(self) -> bool:
        """Whether anything of the answer itself was sent."""
        return any(value not in NOTHING for value in self._sent.values())

    def role(self) -> Choice:
        """Return the piece that says who speaks."""
        self._has_role = True
        return self._piece({"role": "assistant", "content": ""})

    def text(self, text: str) -> Choice:
        """Return a piece of text; an empty one says nothing."""
        said = {"content": text} if text or not self._is_chat else {}
        return self._noted(self._piece(said))

    def pass_on(self, choice: Choice) -> Choice | None:
        """Return a choice as it was streamed, without a role that was sent before.

        None if nothing is left of it for now.
        """
        choice = self._without_repeated_role(choice)
        if not choice.get("finish_reason"):
            return self._noted(choice)
        nothing: Choice = {"delta": {}} if self._is_chat else {"text": ""}
        self._finish = {**choice, **nothing, "logprobs": None}
        said = _said(choice)
        return self._noted({**choice, "finish_reason": None}) if any(said.values()) else None

    def finish(self, whole: Choice, *, must_agree: bool = False) -> list[Choice]:
        """Return the pieces that are missing of the whole choice, and its finish reason.

        Raises:
            Diverged: It does not begin with what was sent, and must.
        """
        rest = self._rest(whole, must_agree=must_agree)
        rest = {name: value for name, value in rest.items() if value not in NOTHING}
        logprobs = rest.pop("logprobs", None)
        missing = [{**self._piece(rest), "logprobs": logprobs}] if rest or logprobs else []
        reason = whole.get("finish_reason") or "stop"
        return [*missing, self._finish or {**self._piece({}), "finish_reason": reason}]

    def _rest(self, whole: Choice, *, must_agree: bool) -> Choice:
        try:
            rest: Choice = rest_of(_said(whole), self._sent)
        except Diverged:
            if must_agree:
                raise
            return {}
        return rest

    def _without_repeated_role(self, choice: Choice) -> Choice:
        delta = choice.get("delta")
        if not isinstance(delta, dict) or "role" not in delta:
            return choice
        if self._has_role:
            kept = {name: value for name, value in delta.items() if name != "role"}
            return {**choice, "delta": kept}
        self._has_role = True
        return choice

    def _noted(self, choice: Choice) -> Choice:
        self._sent = join(self._sent, _said(choice))
        return choice

    def _piece(self, said: dict[str, Any]) -> Choice:
        if not self._is_chat:
            said = {"text": said.get("text") or said.get("content") or ""}
        body = {"delta": said} if self._is_chat else said
        return {"index": self._index, **body, "logprobs": None, "finish_reason": None}


def _said(choice: Choice) -> dict[str, Any]:
    """Return what a piece or a whole choice says, without its number, role and finish reason."""
    message = choice.get("delta") or choice.get("message")
    said = {**choice, **(message if isinstance(message, dict) else {})}
    return {name: value for name, value in said.items() if name not in _OF_THE_CHOICE}
