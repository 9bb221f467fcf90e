"""Closes the links of workers, and gives up their places."""

from functools import partial
from typing import NamedTuple

from spaces.domain.errors import Busy
from spaces.domain.queue.places import give_up_place
from spaces.domain.queue.queue import Queue
from spaces.services.dispatch.advance import advance
from spaces.services.ports.gateway import Gateway, Link


class Closed(NamedTuple):
    """How many links were closed, and how many could not be."""

    closed: int
    still_open: int


def close_links(gateway: Gateway, token_id: str, *, lost: bool) -> Closed:
    """Close the links of a token's workers; one that cannot be closed saves no other.

    Args:
        lost: whether the workers' places are given up, and what they held is handed back.
    """
    links = [link for link in gateway.connections.list() if link.token_id == token_id]
    closed = sum(_closes(gateway, link, lost=lost) for link in links)
    return Closed(closed, len(links) - closed)


def _closes(gateway: Gateway, link: Link, *, lost: bool) -> bool:
    try:
        close_link(gateway, link, lost=lost)
    except Busy:
        return False
    return True


def close_link(gateway: Gateway, link: Link, *, lost: bool) -> None:
    """Close one link; its record goes last, so that a repeated call finds it again.

    Raises:
        Busy: it could not be closed just now.
    """
    closed = gateway.sockets.close(link.connection_id)
    for space_id in link.spaces if lost else ():
        if gateway.spaces.glance_at_queue(space_id) is not None:
            change = partial(_give_up, link=link, now=gateway.now())
            advance(gateway, space_id, change)
    if not closed:
        raise Busy("A link could not be closed. Try again.", retry_after_seconds=2)
    gateway.connections.close(link.connection_id)


def _give_up(queue: Queue, link: Link, now: int) -> Queue:
    place = queue.workers.get(link.worker_id)
    if place is None or place.connection_id != link.connection_id:
        return queue
    return give_up_place(queue, link.worker_id, now)
