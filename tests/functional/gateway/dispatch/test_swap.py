"""A swap returns what it stored, whether the rows are short or packed."""

import pytest
from msgspec.structs import replace

from spaces.domain.queue.queue import Requeued, Running


def running(count, now):
    return {
        ticket: Running("gpu/t", 1, now - ticket, now + ticket, now + 9_000, earlier=("a/t", "b/t"))
        for ticket in range(1, count + 1)
    }


@pytest.mark.parametrize("count", [0, 1, 40])
def test_a_swap_returns_what_the_next_read_finds(world, count):
    world.connect("gpu")
    before = world.queue()
    back = tuple(Requeued(1_000 + n, 2, "gpu/t", timeout=5) for n in range(count))
    after = replace(
        before, running=running(count, world.clock()), retry=back, pace=0, closed_at=None, next=7
    )

    swapped = world.gateway.spaces.swap(before, after)

    assert swapped == world.gateway.spaces.read_queue(before.space_id)
    assert (swapped.version, len(swapped.running)) == (before.version + 1, count)


def test_a_swap_returns_tickets_that_were_issued_in_the_meantime(world):
    before = world.queue()
    issued = world.gateway.spaces.issue_ticket(before.space_id)

    swapped = world.gateway.spaces.swap(before, replace(before, running=running(9, 1)))

    assert swapped.tail == issued.tail == before.tail + 1
    assert swapped == world.gateway.spaces.read_queue(before.space_id)
