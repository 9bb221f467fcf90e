"""Shows which workers are connected and what they are doing."""

from typing import Final

from spaces.domain.errors import InvalidInput
from spaces.domain.queue.queue import Queue, Running
from spaces.domain.request import Request
from spaces.services.ports.access_stores import FoundRequests
from spaces.services.ports.gateway import Connection, ConnectionStatusUnknown, Gateway
from spaces.services.ports.unreadable import log_unreadable
from spaces.services.spaces.view_space import worker_state
from spaces.services.timestamps import timestamp, timestamp_or_none
from spaces_protocol.admin_bodies import ConnectionList, ConnectionView, PlaceView, RunningView

MAX_CONNECTIONS: Final = 100
"""Connections per page; each costs one call to API Gateway."""
MAX_UNKNOWN: Final = 3
"""Failed calls after which the rest of the page is not asked about."""
_LONGEST_TIME: Final = 15
UNKNOWN_TIME: Final = 1 << 52
"""Later than any time: API Gateway did not report when the connection was last active."""


def view_connections(gateway: Gateway, cursor: str | None = None) -> ConnectionList:
    """Return the live connections by worker; records of dead ones are removed.

    A connection whose state cannot be determined is shown without the time of its last activity.

    Raises:
        InvalidInput: The cursor is not valid.
    """
    after = _read_cursor(cursor)
    connections = [each for each in gateway.connections.list() if _key(each) > after]
    connections.sort(key=_key)
    page, queues, probe = (
        connections[:MAX_CONNECTIONS],
        dict[str, Queue | None](),
        _ActivityProbe(gateway),
    )
    views = [_view(gateway, connection, queues, probe) for connection in page]
    workers = [view for view in views if view is not None]
    unreadable = sum(place.unreadable for view in workers for place in view.spaces)
    log_unreadable(gateway, "workers", unreadable)
    return ConnectionList(
        workers=workers,
        next_cursor=_cursor(page[-1]) if len(connections) > MAX_CONNECTIONS else None,
    )


_Key = tuple[str, int, str]


def _key(connection: Connection) -> _Key:
    return connection.worker_id, connection.connected_at, connection.connection_id


def _cursor(connection: Connection) -> str:
    return "/".join(map(str, _key(connection)))


def _read_cursor(cursor: str | None) -> _Key:
    if cursor is None:
        return ("", 0, "")
    worker_id, _, rest = cursor.partition("/")
    since, _, connection_id = rest.partition("/")
    if not since.isdecimal() or len(since) > _LONGEST_TIME:
        raise InvalidInput("cursor is not valid for this list. Start without a cursor.")
    return worker_id, int(since), connection_id


class _ActivityProbe:
    """Asks when connections were last active; gives up after several failures."""

    def __init__(self, gateway: Gateway) -> None:
        self._sockets = gateway.sockets
        self._unknown = 0

    def last_active(self, connection: Connection) -> int | None:
        if self._unknown >= MAX_UNKNOWN:
            return UNKNOWN_TIME
        try:
            return self._sockets.last_active(connection.connection_id)
        except ConnectionStatusUnknown:
            self._unknown += 1
            return UNKNOWN_TIME


def _view(
    gateway: Gateway, connection: Connection, queues: dict[str, Queue | None], probe: _ActivityProbe
) -> ConnectionView | None:
    last_active = probe.last_active(connection)
    if last_active is None:
        gateway.connections.close(connection.connection_id)
        return None
    places = [_place(gateway, connection, space_id, queues) for space_id in connection.spaces]
    return ConnectionView(
        worker_id=connection.worker_id,
        connection_id=connection.connection_id,
        token_id=connection.token_id,
        agent=connection.agent,
        connected_at=timestamp(connection.connected_at),
        last_active_at=timestamp_or_none(None if last_active >= UNKNOWN_TIME else last_active),
        spaces=[place for place in places if place is not None],
    )


def _place(
    gateway: Gateway, connection: Connection, space_id: str, queues: dict[str, Queue | None]
) -> PlaceView | None:
    if space_id not in queues:
        queues[space_id] = gateway.spaces.read_queue(space_id, consistent=False)
    queue = queues[space_id]
    place = queue.workers.get(connection.holder) if queue else None
    if queue is None or place is None or place.connection_id != connection.connection_id:
        return None
    held = {t: entry for t, entry in queue.running.items() if entry.holder == connection.holder}
    found = (
        gateway.history.read_many(space_id, sorted(held))
        if held
        else FoundRequests([], unreadable=0)
    )
    return PlaceView(
        space=space_id,
        state=worker_state(queue, connection.holder, place),
        capacity=place.capacity,
        running=[_request(request, held[request.ticket]) for request in found.requests],
        unreadable=found.unreadable,
    )


def _request(request: Request, running: Running) -> RunningView:
    progress = request.progress if request.attempt == running.attempt else None
    return RunningView(
        request_id=str(request.request_id),
        since=timestamp(running.since),
        attempt=running.attempt,
        percent=progress.percent if progress else None,
        message=progress.message if progress else None,
    )
