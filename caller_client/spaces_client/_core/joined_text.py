"""Joins streamed text for a reader who cannot take anything back."""


class JoinedText:
    """Gives out text once, also when another attempt begins with the same text.

    Attributes:
        given: what was given out.
    """

    def __init__(self) -> None:
        self.given = ""
        self._now = ""

    def restart(self) -> None:
        """Begin again, as another attempt does."""
        self._now = ""

    def add(self, text: str) -> str | None:
        """Return what is new for the reader, maybe nothing; None if it contradicts what was given.

        Args:
            text: the next text of the present attempt.
        """
        self._now += text
        shorter = min(len(self._now), len(self.given))
        if self._now[:shorter] != self.given[:shorter]:
            return None
        new = self._now[len(self.given) :]
        self.given += new
        return new
