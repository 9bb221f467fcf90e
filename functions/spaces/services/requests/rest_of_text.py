"""The end of a streamed text, which came with the result and not as a chunk."""

from typing import Final, NamedTuple

from spaces.domain.request import Request
from spaces.services.ports.gateway import Gateway
from spaces.services.requests.stream_text import READ_TOGETHER, Cursor
from spaces_protocol.rest_bodies import RequestState

ALL_TEXT: Final = 99_998
"""Index of a cursor after the whole text; chunks have smaller ones."""
ALL: Final = 99_999
"""Index of a cursor after the end of the stream."""


class Rest(NamedTuple):
    """What a reader still lacks.

    Attributes:
        text: The text.
        restarted: Whether it replaces what was read before.
    """

    text: str
    restarted: bool


def rest_of_text(gateway: Gateway, request: Request, after: Cursor | None) -> Rest:
    """Return what a reader of a request that has ended lacks to have its whole text.

    A result may differ from the chunks that were streamed. The reader then begins again with it.
    """
    if after is not None and after.index >= ALL_TEXT:
        return Rest("", restarted=False)
    kept = gateway.requests.read_answer(request.request_id)
    if kept is None or kept.ending is None or kept.ending.state is not RequestState.COMPLETED:
        return Rest("", restarted=False)
    whole = ((kept.ending.answer or {}).get("output") or {}).get("text") or ""
    if after is None:
        return Rest(whole, restarted=False)
    sent = _text_before(gateway, request, after) if after.attempt == kept.ending.attempt else None
    if sent is not None and whole.startswith(sent):
        return Rest(whole[len(sent) :], restarted=False)
    return Rest(whole, restarted=True)


def end_of(request: Request, index: int) -> str:
    """Return a cursor at the end of a request."""
    ending = request.ending
    return str(Cursor((ending.attempt if ending else None) or request.attempt, index))


def _text_before(gateway: Gateway, request: Request, after: Cursor) -> str | None:
    """Return the text up to a cursor; None if it is no longer stored."""
    text = ""
    for start in range(0, after.index, READ_TOGETHER):
        wanted = range(start, min(after.index, start + READ_TOGETHER))
        found = gateway.chunks.read(request.request_id, after.attempt, wanted)
        if len(found) < len(wanted):
            return None
        text += "".join(found[index].text for index in wanted)
    return text
