"""Prices where as much runs as a space allows."""

from typing import Any, Final

from benchmarks.actions.inputs import (
    CALLER,
    result_of,
)
from benchmarks.actions.meter import Meter, add_space
from benchmarks.actions.price import (
    PER_CALLER,
    PER_ROUTE,
    PER_SOCKET,
)
from benchmarks.busy_queue import join_workers, let_run
from spaces.services.ports.gateway import Gateway, Sender
from spaces.services.requests.submit_request import Accepted, submit_request
from spaces.services.requests.view_request import request_status
from spaces.services.spaces.view_space import view_space
from spaces.services.workers.commit_result import commit_result
from spaces.services.workers.decline_request import decline_request
from spaces.services.workers.offer_slots import offer_slots
from spaces.services.workers.record_progress import record_progress
from spaces_protocol.limits import (
    MAX_CAPACITY,
)
from spaces_protocol.rest_bodies import SubmittedInput
from spaces_protocol.worker_messages import (
    Decline,
    Offer,
    Progress,
    Slots,
)

WORKERS: Final = 20
"""Workers of the busiest space; each runs as many requests as it can."""


def price_busiest_space(meter: Meter, client: Any) -> None:
    """Price actions where every worker runs all that it can."""
    gateway = meter.gateway
    add_space(gateway, "busy", max_workers=WORKERS, max_queue_length=100_000)
    senders = join_workers(gateway, "busy", WORKERS)
    first = [submit_request(gateway, "busy", SubmittedInput(prompt="x")) for _ in range(WORKERS)]
    let_run(gateway, client, "busy", WORKERS * (MAX_CAPACITY - 1) - 1)
    last = meter.price(
        f"submit where {WORKERS} workers run {MAX_CAPACITY} requests each",
        PER_CALLER,
        lambda: submit_request(gateway, "busy", SubmittedInput(prompt="x"), caller=CALLER),
    )
    running = next(
        (sender, each)
        for each in [last, *first]
        for sender in senders
        if _is_held_by(gateway, each, sender)
    )
    sender, held = running
    meter.price("… a poll", PER_ROUTE, lambda: request_status(gateway, held.request.request_id))
    meter.price("… a view of the space", PER_ROUTE, lambda: view_space(gateway, "busy", CALLER))
    meter.price(
        "… an offer",
        PER_SOCKET,
        lambda: offer_slots(gateway, sender, Offer(space="busy", slots=Slots(count=1, order=1))),
    )
    meter.price(
        "… progress",
        PER_SOCKET,
        lambda: record_progress(
            gateway, sender, Progress(request_id=str(held.request.request_id), attempt=1)
        ),
    )
    meter.price(
        "… a decline",
        PER_SOCKET,
        lambda: decline_request(
            gateway,
            sender,
            Decline(
                request_id=str(held.request.request_id),
                attempt=1,
                slots=Slots(count=0, order=2),
            ),
        ),
    )
    other = next(
        (each, sender) for each in first for sender in senders if _is_held_by(gateway, each, sender)
    )
    meter.price(
        "… a result",
        PER_SOCKET,
        lambda: commit_result(gateway, other[1], result_of(other[0], "x")),
    )


def _is_held_by(gateway: Gateway, accepted: Accepted, sender: Sender) -> bool:
    queue = gateway.spaces.read_queue("busy")
    running = queue.running.get(accepted.request.ticket) if queue else None
    return running is not None and running.worker_id == sender.worker_id
