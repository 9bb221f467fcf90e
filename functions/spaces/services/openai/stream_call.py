"""Streams the answer of a call, piece by piece, as its endpoint does."""

from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any, Final, Protocol

from spaces.domain.openai.chunks import ChunkMaker
from spaces.domain.openai.completions import Named
from spaces.domain.openai.errors import ApiError, error_of_result
from spaces.domain.openai.joined_deltas import Diverged
from spaces.domain.openai.repeated_text import RepeatedText
from spaces.domain.openai.transcript_events import TranscriptMaker
from spaces.domain.timing import SECOND
from spaces.services.openai.answer_call import Wanted, answer_of
from spaces.services.ports.gateway import Gateway
from spaces.services.requests.view_result import request_result
from spaces.services.requests.watch_request import Ended, Guard, Sleep, watch_request
from spaces_protocol.rest_bodies import ChunkView, Partial, RequestResult

KEEP_ALIVE: Final = 10 * SECOND
"""How often a stream says something."""
TOO_LONG: Final = ApiError(
    504,
    "server_error",
    "The request takes longer than a stream can last. Call without stream to wait for it.",
    code="stream_too_long",
    is_final=True,
)
STARTED_AGAIN: Final = ApiError(
    500,
    "server_error",
    "The worker was lost, and another one began again with a different answer. Call again.",
    code="worker_lost",
    is_final=True,
)
Chunk = dict[str, Any]


class Maker(Protocol):
    """Makes the pieces of one answer; `ChunkMaker` has the words."""

    @property
    def has_content(self) -> bool: ...  # noqa: D102
    def begin(self) -> list[Chunk]: ...  # noqa: D102
    def idle(self) -> Chunk: ...  # noqa: D102
    def text(self, text: str) -> list[Chunk]: ...  # noqa: D102
    def deltas(self, objects: list[Any]) -> list[Chunk]: ...  # noqa: D102
    def finish(self, whole: Chunk, *, must_agree: bool = False) -> list[Chunk]: ...  # noqa: D102


def stream_call(
    gateway: Gateway,
    wanted: Wanted,
    named: Named,
    *,
    include_usage: bool | None,
    sleep: Sleep,
    until: int,
    guard: Guard = nullcontext,
) -> Iterator[Chunk | ApiError]:
    """Yield the pieces of an answer; an error is the last.

    The first piece waits for something to say, ten seconds at most, so that what fails by then can
    have its own status.

    Args:
        gateway: Access to the outside.
        wanted: The request and its endpoint.
        named: What all pieces have in common.
        include_usage: As in `ChunkMaker`.
        sleep: Pauses for a number of seconds.
        until: When to stop in any case, in milliseconds since 1970.
        guard: As in `watch_request`.

    Raises:
        RequestNotFound, RequestExpired: As in `watch_request`.
    """
    is_transcript = wanted.endpoint == "audio.transcriptions"
    maker = TranscriptMaker() if is_transcript else ChunkMaker(named, include_usage=include_usage)
    answer = _Answer(gateway, maker)
    events = watch_request(gateway, wanted.request_id, None, sleep=sleep, until=until, guard=guard)
    for event in events:
        if isinstance(event, Ended):
            yield from answer.end(wanted, request_result(gateway, wanted.request_id))
            return
        try:
            yield from answer.go_on(event if isinstance(event, Partial) else None)
        except Diverged:
            yield STARTED_AGAIN
            return
    yield TOO_LONG


class _Answer:
    """An answer under way; `RepeatedText` decides what of a later attempt is passed on."""

    def __init__(self, gateway: Gateway, maker: Maker) -> None:
        self._gateway = gateway
        self._maker = maker
        self._begun = False
        self._text = RepeatedText()
        self._spoke_at = gateway.now()

    def go_on(self, partial: Partial | None) -> list[Chunk]:
        """Return the pieces of what is new, or one that keeps the connection alive.

        Raises:
            Diverged: A later attempt began with another answer.
        """
        new = self._kept(partial) if partial is not None else []
        if new:
            return self._said([*self._begin(), *self._made(new)])
        is_silent = self._gateway.now() - self._spoke_at >= KEEP_ALIVE
        return self._said(self._begin() or [self._maker.idle()]) if is_silent else []

    def end(self, wanted: Wanted, result: RequestResult) -> list[Chunk | ApiError]:
        """Return the last pieces, or the error."""
        error = error_of_result(result)
        if error is not None:
            return [error]
        whole = answer_of(self._gateway, wanted, result)
        if isinstance(whole, str):
            whole = {"text": whole}
        opening = self._begin()
        try:
            return [*opening, *self._maker.finish(whole, must_agree=self._text.is_repeated)]
        except Diverged:
            return [STARTED_AGAIN]

    def _begin(self) -> list[Chunk]:
        begun, self._begun = self._begun, True
        return [] if begun else self._maker.begin()

    def _kept(self, partial: Partial) -> list[ChunkView]:
        if partial.restarted and self._maker.has_content:
            self._text.repeat()
        return self._text.new_of(partial.chunks or [])

    def _made(self, new: list[ChunkView]) -> list[Chunk]:
        make = self._maker
        return [
            chunk
            for piece in new
            for chunk in (make.deltas(piece.deltas) if piece.deltas else make.text(piece.text))
        ]

    def _said(self, chunks: list[Chunk]) -> list[Chunk]:
        self._spoke_at = self._gateway.now()
        return chunks
