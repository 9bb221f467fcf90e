"""Queues that an earlier version stored are read as they were meant."""

import msgspec

from spaces.domain.holder import holder_of
from spaces.domain.queue.queue import (
    DispatchLimits,
    Place,
    Queue,
    Requeued,
    Running,
    with_holders,
)


def test_entries_without_the_newer_fields_are_read():
    place = msgspec.json.decode(b'["c",1,2,3,"ready","s","t"]', type=Place)
    running = msgspec.json.decode(b'["w",1,2,3,4,0,false]', type=Running)
    back = msgspec.json.decode(b'[7,1,"w",2,3,1]', type=Requeued)
    limits = msgspec.json.decode(b'{"max_workers":1,"timeout":5}', type=DispatchLimits)

    assert (place.slots, place.takes_requests, place.offer_order) == (2, True, -1)
    assert (running.prefetched, back.prefetched, limits.prefetch) == (False, False, False)


def test_an_entry_of_a_place_stays_small():
    place = Place("L0SM9cOFvHcCIhw=", 1_800_000_000_000, 2, 1_800_000_000_000, session="5f0c")

    assert len(msgspec.json.encode(place)) < 120


def test_a_queue_stored_by_worker_ids_is_read_by_holders():
    place = msgspec.json.decode(b'["c",1,2,3,"ready","s","t"]', type=Place)
    stored = Queue(
        space_id="echo",
        workers={"w": place, "v/u": Place("d", 1, 1, 1)},
        running={1: Running("w", 1, 2, 3, 4), 2: Running("v/u", 1, 2, 3, 4)},
        retry=(Requeued(3, 1, "w"), Requeued(4, 1, "gone")),
    )

    queue = with_holders(stored)

    assert {holder: place.connection_id for holder, place in queue.workers.items()} == {
        holder_of("w", "t"): "c",
        holder_of("v", "u"): "d",
    }
    assert [entry.holder for entry in queue.running.values()] == ["w/t", "v/u"]
    assert [back.holder for back in queue.retry] == ["w/t", "gone"]
    assert with_holders(queue) is queue
