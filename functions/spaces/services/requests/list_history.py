"""The requests of a signed-in user."""

from spaces.domain.access.caller import User, owner_of
from spaces.domain.input_excerpt import excerpt_of_input
from spaces.domain.request import Request
from spaces.services.ports.gateway import Gateway
from spaces.services.ports.unreadable import log_unreadable
from spaces.services.timestamps import timestamp, timestamp_or_none
from spaces_protocol.rest_bodies import HistoryEntry, HistoryList, RequestState

MAX_PAGES = 4
"""Pages of the index that one call searches."""
FULL = 20


def list_history(
    gateway: Gateway,
    user: User,
    *,
    cursor: str | None = None,
    space_id: str | None = None,
    words: str | None = None,
) -> HistoryList:
    """Return the requests of a user, newest first. A page may be short or even empty.

    Args:
        gateway: Access to the outside.
        user: The owner of the requests.
        cursor: From the previous page.
        space_id: Only requests of this space.
        words: Only requests with these words among the first characters of the prompt.

    Raises:
        InvalidInput: The cursor is not valid.
    """
    found: list[HistoryEntry] = []
    unreadable = 0
    for _ in range(MAX_PAGES):
        page = gateway.history.of_owner(owner_of(user) or "", cursor)
        found += [_entry(each) for each in page.requests if _is_wanted(each, space_id, words)]
        unreadable += page.unreadable
        cursor = page.next_cursor
        if cursor is None or len(found) >= FULL:
            break
    log_unreadable(gateway, "history", unreadable)
    return HistoryList(requests=found, next_cursor=cursor, unreadable=unreadable)


def _is_wanted(request: Request, space_id: str | None, words: str | None) -> bool:
    if space_id is not None and request.space_id != space_id:
        return False
    return words is None or words.casefold() in excerpt_of_input(request.input).casefold()


def _entry(request: Request) -> HistoryEntry:
    ending = request.ending
    return HistoryEntry(
        request_id=str(request.request_id),
        space=request.space_id,
        status=ending.state if ending else _unfinished(request),
        created_at=timestamp(request.created_at),
        ended_at=timestamp_or_none(ending.ended_at if ending else None),
        prompt=excerpt_of_input(request.input),
        error_type=ending.error_type if ending else None,
    )


def _unfinished(request: Request) -> RequestState:
    """Guess without reading the queue: a request with progress is running."""
    return RequestState.IN_PROGRESS if request.attempt else RequestState.IN_QUEUE
