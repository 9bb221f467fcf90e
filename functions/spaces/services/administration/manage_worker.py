"""What administrators tell workers: a sentence, to pause, to go on, to leave."""

from functools import partial
from typing import Final

from spaces.domain.errors import Busy, NotFound
from spaces.domain.queue import pausing
from spaces.domain.queue.queue import Queue
from spaces.services.administration.audited import Change, audited
from spaces.services.administration.close_connections import close_link
from spaces.services.dispatch.advance import advance
from spaces.services.ports.gateway import Delivery, Gateway, Link
from spaces_protocol.gateway_messages import Notice

LONGEST_ID: Final = 128
"""Characters of a connection's id; API Gateway's are far shorter."""


def notify_worker(gateway: Gateway, connection_id: str, text: str, who: str) -> None:
    """Show a sentence to the operator of a worker.

    Raises:
        NotFound: there is no such link (any more).
        Busy: it could not be reached just now.
    """
    link = _find(gateway, connection_id)
    planned = Change(after={"text": text})
    with audited(gateway, who, "notify_worker", link.worker_id, planned):
        delivery = gateway.sockets.post(connection_id, Notice(text=text))
        if delivery is Delivery.GONE:
            raise _gone(connection_id)
        if delivery is Delivery.UNAVAILABLE:
            raise Busy("The worker could not be reached. Try again.", retry_after_seconds=2)


def pause_worker(gateway: Gateway, connection_id: str, who: str, *, paused: bool) -> None:
    """Hand a worker nothing new, or let it be handed requests again; in all of its spaces.

    Raises:
        NotFound: there is no such link (any more).
    """
    link = _find(gateway, connection_id)
    action = "pause_worker" if paused else "resume_worker"
    planned = Change(after={"spaces": list(link.spaces)})
    with audited(gateway, who, action, link.worker_id, planned):
        for space_id in link.spaces:
            if gateway.spaces.glance_at_queue(space_id) is not None:
                advance(gateway, space_id, partial(_paused, link=link, paused=paused))


def disconnect_worker(gateway: Gateway, connection_id: str, who: str) -> None:
    """Close a worker's link and hand back what it holds; its program may come again.

    Raises:
        NotFound: there is no such link (any more).
        Busy: the link could not be closed just now.
    """
    link = _find(gateway, connection_id)
    with audited(gateway, who, "disconnect_worker", link.worker_id):
        close_link(gateway, link, lost=True)


def _paused(queue: Queue, link: Link, *, paused: bool) -> Queue:
    change = pausing.pause if paused else pausing.resume
    return change(queue, link.worker_id)


def _find(gateway: Gateway, connection_id: str) -> Link:
    known = len(connection_id) <= LONGEST_ID
    link = gateway.connections.find(connection_id) if known else None
    if link is None:
        raise _gone(connection_id)
    return link


def _gone(connection_id: str) -> NotFound:
    return NotFound(f"There is no link {connection_id[:60]!r} any more. Look at the list again.")
