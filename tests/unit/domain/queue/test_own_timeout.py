"""A request's own time-out, in the rows of its queue."""

import msgspec
import pytest
from msgspec.structs import replace

from spaces.domain.queue.own_timeout import shorten_deadline
from spaces.domain.queue.queue import Queue, Requeued, Running

NOW = 1_800_000_000_000
RUNNING = Running("w#t", 2, NOW, NOW + 20_000, NOW + 120_000)
QUEUE = Queue(space_id="echo", running={7: RUNNING})


def test_it_shortens_deadline_and_lease():
    (after,) = shorten_deadline(QUEUE, 7, 2, 5_000).running.values()

    assert (after.deadline, after.lease_until, after.timeout) == (NOW + 5_000, NOW + 5_000, 5_000)


def test_a_longer_one_changes_no_deadline():
    (after,) = shorten_deadline(QUEUE, 7, 2, 900_000).running.values()

    assert (after.deadline, after.timeout) == (RUNNING.deadline, 900_000)


@pytest.mark.parametrize(
    ("ticket", "attempt", "timeout"), [(8, 2, 5_000), (7, 1, 5_000), (7, 2, None)]
)
def test_another_dispatch_is_left_alone(ticket, attempt, timeout):
    assert shorten_deadline(QUEUE, ticket, attempt, timeout) is QUEUE


def test_it_may_be_applied_twice():
    once = shorten_deadline(QUEUE, 7, 2, 5_000)

    assert shorten_deadline(once, 7, 2, 5_000) is once


def test_a_prefetched_request_keeps_its_deadline_until_it_starts():
    queue = replace(QUEUE, running={7: replace(RUNNING, prefetched=True)})

    (after,) = shorten_deadline(queue, 7, 2, 5_000).running.values()

    assert (after.deadline, after.timeout) == (RUNNING.deadline, 5_000)


@pytest.mark.parametrize("row", [RUNNING, Requeued(7, 2, "w#t")])
def test_a_row_of_an_earlier_version_is_read_and_it_reads_ours(row):
    stored = msgspec.json.decode(msgspec.json.encode(row))

    earlier = msgspec.json.encode(stored[:-1])
    later = msgspec.json.encode([*stored, "a field of a later version"])
    assert msgspec.json.decode(earlier, type=type(row)) == row
    assert msgspec.json.decode(later, type=type(row)) == row
