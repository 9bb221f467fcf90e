"""Queues that an earlier version stored are read as they were meant."""

import msgspec

from spaces.domain.queue.queue import DispatchLimits, Place, Requeued, Running


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
