"""Units of a request, and the size of the queue, by how many requests run in the space."""

import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, NamedTuple

from benchmarks.busy_queue import join_workers, let_run
from benchmarks.capacity import Capacity, size_of
from benchmarks.units import KILOBYTE, Line, Row, answer_to, gateway_over, tables_of
from spaces.adapters.dynamodb.keys import queue_key
from spaces.adapters.dynamodb.queue_items import new_queue_item, queue_of
from spaces.domain.space import Definition
from spaces.services.ports.gateway import Gateway
from spaces.services.requests.submit_request import submit_request
from spaces.services.requests.view_request import request_status
from spaces.services.requests.view_result import request_result
from spaces.services.spaces.create_space import create_space
from spaces.services.spaces.view_space import view_space
from spaces.services.workers.commit_result import commit_result
from spaces.services.workers.offer_slots import offer_slots
from spaces.services.workers.record_progress import record_progress
from spaces_protocol.limits import MAX_CAPACITY
from spaces_protocol.request_id import RequestId
from spaces_protocol.rest_bodies import SubmittedInput
from spaces_protocol.worker_messages import Offer, Progress, Slots

COUNTS: Final = (1, 8, 16, 64, 1_280)
"""How many requests run; the last two are as many as one worker can, and as 20 workers can."""
RUNS: Final = 30


class StoredQueue(NamedTuple):
    """The queue item while so many requests run; times are medians of processor seconds."""

    running: int
    size: int
    write_seconds: float
    read_seconds: float


def measure_running(
    client: Any, counts: Iterable[int] = COUNTS
) -> tuple[list[Row], list[StoredQueue]]:
    """Return the cost of each step of a request that runs beside so many, and of their queue."""
    capacity = Capacity()
    capacity.watch(client)
    rows: list[Row] = []
    queues: list[StoredQueue] = []
    with tables_of(client):
        for count in counts:
            line = Line()
            gateway = gateway_over(client, line)
            rows += _life_beside(gateway, client, line, capacity, count)
            queues.append(_stored_queue(client, count))
    return rows, queues


def _space_of(count: int) -> str:
    return f"running-{count}"


def _life_beside(
    gateway: Gateway, client: Any, line: Line, capacity: Capacity, count: int
) -> Iterator[Row]:
    space, workers = _space_of(count), -(-count // MAX_CAPACITY)
    create_space(
        gateway, Definition(space_id=space, title=space, created_at=0, max_workers=workers)
    )
    senders = {sender.worker_id: sender for sender in join_workers(gateway, space, workers)}
    let_run(gateway, client, space, count - 1)

    def row(step: str, work: Callable[[], Any]) -> Row:
        capacity.reset()
        line.posted.clear()
        work()
        taken = capacity.write, capacity.read, capacity.calls.total(), len(line.posted)
        return Row(step, count, *taken)

    yield row("submit", lambda: submit_request(gateway, space, SubmittedInput(prompt=KILOBYTE)))
    held = line.last_request()
    request_id = RequestId.parse(held.request_id)
    queue = gateway.spaces.read_queue(space)
    assert request_id is not None
    assert queue is not None
    sender = senders[queue.running[request_id.ticket].worker_id]
    offer = Offer(space=space, slots=Slots(count=MAX_CAPACITY, order=1))
    progress = Progress(request_id=held.request_id, attempt=1, percent=50.0)
    yield row("poll", lambda: request_status(gateway, request_id))
    yield row("view of the space", lambda: view_space(gateway, space))
    yield row("progress", lambda: record_progress(gateway, sender, progress))
    yield row("offer", lambda: offer_slots(gateway, sender, offer))
    yield row("result", lambda: commit_result(gateway, sender, answer_to(held)))
    yield row("fetch", lambda: request_result(gateway, request_id))


def _stored_queue(client: Any, count: int) -> StoredQueue:
    item = client.get_item(TableName="spaces", Key=queue_key(_space_of(count)))["Item"]
    queue = queue_of(item)
    return StoredQueue(
        count,
        size_of({"M": item}),
        _median_seconds(lambda: new_queue_item(queue)),
        _median_seconds(lambda: queue_of(item)),
    )


def _median_seconds(work: Callable[[], Any]) -> float:
    taken = []
    for _ in range(RUNS):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return statistics.median(taken)
