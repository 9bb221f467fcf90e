"""Drains a worker: it gets no new requests and finishes those it has."""

from functools import partial

from spaces.domain.queue.places import drain
from spaces.services.dispatch.change_queue import apply_change
from spaces.services.ports.gateway import Gateway, Sender


def drain_worker(gateway: Gateway, sender: Sender) -> None:
    """Mark the worker as draining in every space in which this connection has a place."""
    for space_id in sorted(sender.spaces):
        queue = gateway.spaces.read_queue(space_id)
        if queue is not None:
            draining = partial(
                drain,
                holder=sender.holder,
                connection_id=sender.connection_id,
                now=gateway.now(),
            )
            apply_change(gateway, space_id, draining, queue=queue)
    gateway.log_event("worker_draining", worker_id=sender.worker_id)
