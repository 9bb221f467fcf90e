"""Prefetched requests: when they count as started."""

from msgspec.structs import replace

from spaces.domain.queue.queue import Queue


def start_prefetched(queue: Queue, now: int) -> Queue:
    """Count prefetched requests as started, oldest first, where a slot became free.

    The worker has started them by itself, and their full time runs from now on. For a worker that
    is silent or away this is unknown: it may return with the request before it.
    """
    for ticket in queue.prefetched:
        holder = queue.running[ticket].holder
        place = queue.workers.get(holder)
        connected = place is not None and place.state in ("ready", "draining")
        if place is not None and connected and queue.started_by(holder) < place.slots:
            started = replace(
                queue.running[ticket],
                prefetched=False,
                since=now,
                deadline=now + queue.timeout_of(queue.running[ticket]),
            )
            queue = replace(queue, running={**queue.running, ticket: started})
    return queue
