"""The chunks of an answer that streams: what a worker sent, in the shape that clients expect."""

from typing import Any

from spaces.domain.openai.completions import Named, has_choices
from spaces.domain.openai.streamed_choice import Choice, StreamedChoice

Chunk = dict[str, Any]


class ChunkMaker:
    """Makes the chunks of one answer and knows what was sent of it.

    Every answer begins with a role, ends with a finish reason for each choice, and has one id and
    time throughout. Objects of the worker are otherwise passed on as they are.

    Args:
        named: What all chunks have in common.
        include_usage: Whether the caller asked for a last chunk with the usage (true), refused any
            usage (false), or said nothing (None). It then comes with the last finish reason,
            because programs that did not ask expect a choice in every chunk.
    """

    def __init__(self, named: Named, *, include_usage: bool | None = None) -> None:
        self._named = named
        self._include_usage = include_usage
        self._choices: dict[int, StreamedChoice] = {}
        self._usage: Any = None

    @property
    def has_content(self) -> bool:
        """Whether anything of the answer itself was sent."""
        return any(choice.has_content for choice in self._choices.values())

    def begin(self) -> list[Chunk]:
        """Return the first chunk, which says who speaks."""
        return [self._chunk([self._choice(0).role()])] if self._named.is_chat else []

    def idle(self) -> Chunk:
        """Return a chunk that says nothing, so that nobody takes the connection for dead."""
        return self._chunk([self._choice(0).text("")])

    def text(self, text: str) -> list[Chunk]:
        """Return the chunk of a text."""
        return [self._chunk([self._choice(0).text(text)])] if text else []

    def deltas(self, objects: list[Any]) -> list[Chunk]:
        """Return the chunks of objects as the model's server streamed them."""
        return [chunk for each in objects if isinstance(each, dict) for chunk in self._of(each)]

    def finish(self, whole: dict[str, Any], *, must_agree: bool = False) -> list[Chunk]:
        """Return what is missing of an answer, its finish reasons and its usage.

        Args:
            whole: The answer, as it is without streaming.
            must_agree: Whether what was sent may be another attempt's answer.

        Raises:
            Diverged: It does not begin with what was sent, and must.
        """
        ends = [
            self._chunk([piece])
            for place, choice in enumerate(whole["choices"] if has_choices(whole) else [])
            for piece in self._choice(_index(choice, place)).finish(choice, must_agree=must_agree)
        ]
        return self._with_usage(ends, self._usage or whole.get("usage"))

    def _of(self, sent: dict[str, Any]) -> list[Chunk]:
        self._usage = sent.get("usage") or self._usage
        choices = sent.get("choices")
        passed = [
            piece
            for choice in (choices if isinstance(choices, list) else [])
            if isinstance(choice, dict)
            if (piece := self._choice(_index(choice, 0)).pass_on(choice)) is not None
        ]
        return [self._chunk(passed, sent)] if passed else []

    def _with_usage(self, ends: list[Chunk], usage: object) -> list[Chunk]:
        if self._include_usage is False or not usage or not ends:
            return ends
        if self._include_usage:
            return [*ends, {**self._chunk([]), "usage": usage}]
        return [*ends[:-1], {**ends[-1], "usage": usage}]

    def _choice(self, index: int) -> StreamedChoice:
        new = StreamedChoice(index, is_chat=self._named.is_chat)
        return self._choices.setdefault(index, new)

    def _chunk(self, choices: list[Choice], sent: dict[str, Any] | None = None) -> Chunk:
        """Return a chunk; those before the usage say so, if it was asked for."""
        named = self._named
        chunk = {
            **(sent or {}),
            "id": named.object_id,
            "object": "chat.completion.chunk" if named.is_chat else "text_completion",
            "created": named.created,
            "model": named.model,
            "choices": choices,
        }
        chunk.pop("usage", None)
        return {**chunk, "usage": None} if self._include_usage else chunk


def _index(choice: dict[str, Any], place: int) -> int:
    index = choice.get("index")
    return index if isinstance(index, int) else place
