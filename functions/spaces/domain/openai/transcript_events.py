"""The events of a transcription that streams."""

from typing import Any

from spaces.domain.openai.joined_deltas import Diverged

Event = dict[str, Any]


class TranscriptMaker:
    """Makes the events of one transcription; the counterpart of `ChunkMaker`."""

    def __init__(self) -> None:
        self._sent = ""

    @property
    def has_content(self) -> bool:
        """Whether anything of the text was sent."""
        return bool(self._sent)

    def begin(self) -> list[Event]:
        """Return nothing: the first piece begins."""
        return []

    def idle(self) -> Event:
        """Return an event that says nothing, so that nobody takes the connection for dead."""
        return _delta("")

    def text(self, text: str) -> list[Event]:
        """Return the event of a piece of text."""
        self._sent += text
        return [_delta(text)] if text else []

    def deltas(self, objects: list[Any]) -> list[Event]:
        """Return the events of objects with text; a server's own events are not passed on."""
        texts = [each.get("text") for each in objects if isinstance(each, dict)]
        return [event for text in texts if isinstance(text, str) for event in self.text(text)]

    def finish(self, whole: dict[str, Any], *, must_agree: bool = False) -> list[Event]:
        """Return the missing text and the whole.

        Raises:
            Diverged: It does not begin with what was sent, and must.
        """
        text = str(whole.get("text") or "")
        if must_agree and not text.startswith(self._sent):
            raise Diverged
        rest = text[len(self._sent) :] if text.startswith(self._sent) else ""
        return [*self.text(rest), {**whole, "type": "transcript.text.done", "text": text}]


def _delta(text: str) -> Event:
    return {"type": "transcript.text.delta", "delta": text}
