"""Handles a closed worker socket: its places wait a short grace period for it to return."""

from contextlib import suppress
from functools import partial

from spaces.domain.errors import Busy
from spaces.domain.queue.places import mark_away
from spaces.services.dispatch.change_queue import apply_change
from spaces.services.ports.gateway import Gateway, Sender


def release_connection(gateway: Gateway, sender: Sender) -> None:
    """Record the end of a connection in every space of its worker.

    A late or repeated call changes nothing.
    """
    for space_id in sorted(sender.spaces):
        queue = gateway.spaces.read_queue(space_id)
        place = queue.workers.get(sender.holder) if queue else None
        if place is not None and place.connection_id == sender.connection_id:
            away = partial(
                mark_away,
                holder=sender.holder,
                connection_id=sender.connection_id,
                now=gateway.now(),
            )
            with suppress(Busy):  # a lease, or a post that returns 410, will reveal it
                apply_change(gateway, space_id, away, queue=queue)
    gateway.connections.close(sender.connection_id)
    gateway.log_event("worker_disconnected", worker_id=sender.worker_id)
