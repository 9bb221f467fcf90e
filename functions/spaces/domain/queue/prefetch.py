"""Requests that a worker holds beyond its slots: when they count as started."""

from msgspec.structs import replace

from spaces.domain.queue.queue import Queue


def start_prefetched(queue: Queue, now: int) -> Queue:
    """Count what was handed over early as started, oldest first, where a slot got free.

    The worker has started it by itself; from now on it has the time that a request has. Of one
    that is silent or away nobody knows that; it may yet come back with the one before it.
    """
    for ticket in queue.prefetched:
        worker_id = queue.running[ticket].worker_id
        place = queue.workers.get(worker_id)
        connected = place is not None and place.state in ("ready", "draining")
        if place is not None and connected and queue.started_by(worker_id) < place.slots:
            started = replace(
                queue.running[ticket],
                prefetched=False,
                since=now,
                deadline=now + queue.limits.timeout,
            )
            queue = replace(queue, running={**queue.running, ticket: started})
    return queue
