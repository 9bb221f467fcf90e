"""What a caller has read, while another attempt begins again."""

from spaces.domain.openai.joined_deltas import Diverged
from spaces_protocol.rest_bodies import ChunkView


class RepeatedText:
    """Compares the text of a later attempt with what was passed on, which cannot be taken back.

    Only texts can be compared piece by piece. Once there was more than text, the rest waits for
    the whole answer.
    """

    def __init__(self) -> None:
        self._passed_on = ""
        self._is_text = True
        self._again: str | None = None
        self.is_repeated = False
        """Whether a later attempt has begun, so that the whole answer has to be compared."""

    def repeat(self) -> None:
        """Begin the text of a later attempt."""
        self.is_repeated, self._again = True, ""

    def new_of(self, chunks: list[ChunkView]) -> list[ChunkView]:
        """Return what of the chunks goes beyond what was passed on.

        Raises:
            Diverged: The later attempt says something else.
        """
        text = "".join(chunk.text for chunk in chunks)
        self._is_text &= not any(chunk.deltas for chunk in chunks)
        if self._again is None:
            self._passed_on += text
            return chunks
        self._again += text
        if not self._again.startswith(self._passed_on[: len(self._again)]):
            raise Diverged
        return self._caught_up() if self._is_text else []

    def _caught_up(self) -> list[ChunkView]:
        again, known = self._again or "", len(self._passed_on)
        if len(again) <= known:
            return []
        self._passed_on, self._again = again, None
        return [ChunkView(text=again[known:])]
