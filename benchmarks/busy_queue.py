"""A queue in which many requests run, as it looks after hours of steady work."""

import base64
import math
import random
from typing import Any, Final

from msgspec.structs import replace

from spaces.adapters.dynamodb.keys import queue_key
from spaces.adapters.dynamodb.values import number
from spaces.domain.holder import Holder
from spaces.domain.queue.queue import Running
from spaces.domain.timing import DISPATCH_LEASE, PROGRESS_LEASE, SECOND
from spaces.services.ports.gateway import Gateway, Sender
from spaces.services.workers.register_worker import register_worker
from spaces_protocol.limits import MAX_CAPACITY
from spaces_protocol.worker_messages import Register

MEAN_RUN: Final = 30 * SECOND
TIMEOUT: Final = 120 * SECOND
OWN_TIMEOUT: Final = 119 * SECOND
SHARE_WITH_OWN_TIMEOUT: Final = 0.1
SHARE_OF_SECOND_ATTEMPTS: Final = 0.03
PROGRESS_EVERY: Final = 10 * SECOND
_SEED: Final = 1


def join_workers(gateway: Gateway, space_id: str, count: int) -> list[Sender]:
    """Register workers whose ids are as long as real ones, each with a token of its own."""
    chance = _chance()
    senders = [
        Sender(
            base64.b64encode(chance.randbytes(11)).decode(),
            gateway.now() - chance.randrange(3_600 * SECOND),
            f"gpu-server-{number:02}",
            base64.urlsafe_b64encode(chance.randbytes(9)).decode(),
            frozenset([space_id]),
        )
        for number in range(count)
    ]
    for sender in senders:
        session = base64.urlsafe_b64encode(chance.randbytes(16)).decode()[:22]
        message = Register(spaces=[space_id], session=session, capacity=MAX_CAPACITY)
        register_worker(gateway, sender, message)
    return senders


def let_run(gateway: Gateway, client: Any, space_id: str, count: int) -> None:
    """Let so many more requests run at the workers of a space; they are tickets alone."""
    queue = gateway.spaces.read_queue(space_id)
    assert queue is not None
    free = [holder for holder in queue.workers for _ in range(queue.room_of(holder))]
    more = running_requests(free, count, gateway.now(), after=queue.tail)
    tail = max(more, default=queue.tail)
    client.update_item(
        TableName="spaces",
        Key=queue_key(space_id),
        UpdateExpression="ADD tail :more",
        ExpressionAttributeValues={":more": number(tail - queue.tail)},
    )
    after = replace(queue, running={**queue.running, **more}, next=tail + 1)
    gateway.spaces.swap(queue, after)


def running_requests(
    free: list[Holder], count: int, now: int, after: int = 0
) -> dict[int, Running]:
    """Return what runs if requests come at random, and run for times that are exponential.

    Args:
        free: The holder of each free slot.
        count: How many run.
        now: When.
        after: The last ticket before them.
    """
    chance = _chance()
    chance.shuffle(free)
    ages = sorted((_age(chance) for _ in range(count)), reverse=True)
    running, ticket = {}, after
    for holder, age in zip(free, ages, strict=False):
        ticket += _tickets_to_the_next(chance, age)
        running[ticket] = _running(chance, holder, now - age, now)
    return running


def _chance() -> random.Random:
    return random.Random(_SEED)  # noqa: S311 - not a secret


def _age(chance: random.Random) -> int:
    """Return how long ago a request began that still runs."""
    while True:
        age = round(chance.expovariate(1 / MEAN_RUN))
        if age < OWN_TIMEOUT:
            return age


def _tickets_to_the_next(chance: random.Random, age: int) -> int:
    """Return how many tickets were issued since the last that still runs; most have ended."""
    still_runs = math.exp(-age / MEAN_RUN)
    tickets = 1
    while chance.random() > still_runs:
        tickets += 1
    return tickets


def _running(chance: random.Random, holder: Holder, since: int, now: int) -> Running:
    """Return a request that was dispatched then, and whose worker reports its progress."""
    has_own = chance.random() < SHARE_WITH_OWN_TIMEOUT
    lease_until = since + DISPATCH_LEASE
    reported = since + chance.randrange(PROGRESS_EVERY)
    while lease_until <= now:  # somebody looked, and found the last report before that time
        reported += (lease_until - reported) // PROGRESS_EVERY * PROGRESS_EVERY
        lease_until = reported + PROGRESS_LEASE
    return Running(
        holder,
        attempt=1 + (chance.random() < SHARE_OF_SECOND_ATTEMPTS),
        since=since,
        lease_until=lease_until,
        deadline=since + (OWN_TIMEOUT if has_own else TIMEOUT),
        timeout=OWN_TIMEOUT if has_own else None,
    )
