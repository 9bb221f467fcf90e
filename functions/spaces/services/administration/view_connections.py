"""Which workers are connected, and what they are doing."""

from typing import Final

from spaces.domain.errors import InvalidInput
from spaces.domain.queue.queue import Queue, Running
from spaces.domain.request import Request
from spaces.services.ports.gateway import Gateway, Link, LinkNotTold
from spaces.services.spaces.view_space import worker_state
from spaces.services.timestamps import moment, moment_or_none
from spaces_protocol.admin_bodies import ConnectionList, ConnectionView, PlaceView, RunningView

MOST_LINKS: Final = 100
"""Links on a page; API Gateway is asked about each, one call each."""
MOST_UNTOLD: Final = 3
"""Links that could not be told about; then the others of the page are not asked about either."""
_LONGEST_TIME: Final = 15
NOT_TOLD: Final = 1 << 52
"""Later than any time: API Gateway did not say when the link was last active."""


def view_links(gateway: Gateway, cursor: str | None = None) -> ConnectionList:
    """Return the links that are alive, by worker; records of dead ones are removed on the way.

    A link that nothing can be told about is shown, without when it was last active.

    Raises:
        InvalidInput: the cursor is none of ours.
    """
    after = _read_cursor(cursor)
    links = sorted((link for link in gateway.connections.list() if _key(link) > after), key=_key)
    page, queues, asker = links[:MOST_LINKS], dict[str, Queue | None](), _Asker(gateway)
    views = [_view(gateway, link, queues, asker) for link in page]
    return ConnectionList(
        workers=[view for view in views if view is not None],
        next_cursor=_cursor(page[-1]) if len(links) > MOST_LINKS else None,
    )


_Key = tuple[str, int, str]


def _key(link: Link) -> _Key:
    return link.worker_id, link.connected_at, link.connection_id


def _cursor(link: Link) -> str:
    return "/".join(map(str, _key(link)))


def _read_cursor(cursor: str | None) -> _Key:
    if cursor is None:
        return ("", 0, "")
    worker_id, _, rest = cursor.partition("/")
    since, _, connection_id = rest.partition("/")
    if not since.isdecimal() or len(since) > _LONGEST_TIME:
        raise InvalidInput("cursor: it is none of this list's; begin without one.")
    return worker_id, int(since), connection_id


class _Asker:
    """Asks when links were last active, until it is clear that no answer comes."""

    def __init__(self, gateway: Gateway) -> None:
        self._sockets = gateway.sockets
        self._untold = 0

    def last_active(self, link: Link) -> int | None:
        if self._untold >= MOST_UNTOLD:
            return NOT_TOLD
        try:
            return self._sockets.last_active(link.connection_id)
        except LinkNotTold:
            self._untold += 1
            return NOT_TOLD


def _view(
    gateway: Gateway, link: Link, queues: dict[str, Queue | None], asker: _Asker
) -> ConnectionView | None:
    last_active = asker.last_active(link)
    if last_active is None:
        gateway.connections.close(link.connection_id)
        return None
    places = [_place(gateway, link, space_id, queues) for space_id in link.spaces]
    return ConnectionView(
        worker_id=link.worker_id,
        connection_id=link.connection_id,
        token_id=link.token_id,
        agent=link.agent,
        connected_at=moment(link.connected_at),
        last_active_at=moment_or_none(None if last_active >= NOT_TOLD else last_active),
        spaces=[place for place in places if place is not None],
    )


def _place(
    gateway: Gateway, link: Link, space_id: str, queues: dict[str, Queue | None]
) -> PlaceView | None:
    if space_id not in queues:
        queues[space_id] = gateway.spaces.glance_at_queue(space_id)
    queue = queues[space_id]
    place = queue.workers.get(link.worker_id) if queue else None
    if queue is None or place is None or place.connection_id != link.connection_id:
        return None
    return PlaceView(
        space=space_id,
        state=worker_state(queue, link.worker_id, place),
        capacity=place.capacity,
        running=_running(gateway, queue, link.worker_id),
    )


def _running(gateway: Gateway, queue: Queue, worker_id: str) -> list[RunningView]:
    held = {t: entry for t, entry in queue.running.items() if entry.worker_id == worker_id}
    if not held:
        return []
    requests = gateway.history.read_many(queue.space_id, sorted(held))
    return [_request(request, held[request.ticket]) for request in requests]


def _request(request: Request, running: Running) -> RunningView:
    progress = request.progress if request.attempt == running.attempt else None
    return RunningView(
        request_id=str(request.request_id),
        since=moment(running.since),
        attempt=running.attempt,
        percent=progress.percent if progress else None,
        message=progress.message if progress else None,
    )
