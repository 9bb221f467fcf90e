"""Which workers are connected, and what they are doing."""

from typing import Final

from spaces.domain.queue import Queue, Running
from spaces.domain.request import Request
from spaces.services.gateway import Gateway, Link
from spaces.services.moments import moment, moment_or_none
from spaces.services.view_space import worker_state
from spaces_protocol.admin_bodies import ConnectionList, ConnectionView, PlaceView, RunningView

MOST_LINKS: Final = 100
"""Links that one call asks API Gateway about, one call each."""
NOT_TOLD: Final = 1 << 52
"""Later than any time: API Gateway did not say when the link was last active."""


def view_links(gateway: Gateway) -> ConnectionList:
    """Return the links that are alive, by worker; records of dead ones are removed on the way."""
    links = sorted(gateway.connections.list(), key=lambda link: (link.worker_id, link.connected_at))
    queues: dict[str, Queue | None] = {}
    views = [_view(gateway, link, queues) for link in links[:MOST_LINKS]]
    alive = [view for view in views if view is not None]
    return ConnectionList(workers=alive, truncated=len(links) > MOST_LINKS)


def _view(gateway: Gateway, link: Link, queues: dict[str, Queue | None]) -> ConnectionView | None:
    last_active = gateway.sockets.last_active(link.connection_id)
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
        last_active_at=moment_or_none(None if last_active > NOT_TOLD else last_active),
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
