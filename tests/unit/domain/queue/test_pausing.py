from spaces.domain.queue.dispatch import plan_dispatches
from spaces.domain.queue.pausing import pause, resume
from spaces.domain.queue.places import Arrival, mark_away, take_place
from spaces.domain.queue.queue import Place, Queue
from spaces.domain.queue.request_status import status_of
from spaces.domain.request import Request

NOW = 1_800_000_000_000


def queue(**settings) -> Queue:
    place = Place(connection_id="c1", connected_at=1, capacity=1, since=NOW, session="s")
    return Queue(space_id="a", tail=1, workers={"w1": place}, **settings)


def arrival(connection_id: str, connected_at: int) -> Arrival:
    return Arrival("w1", connection_id, connected_at, 1, "s", {})


def test_a_paused_worker_is_handed_nothing_until_it_is_resumed():
    paused = pause(queue(), "w1")

    assert plan_dispatches(paused, NOW)[1] == []
    assert len(plan_dispatches(resume(paused, "w1"), NOW)[1]) == 1


def test_a_pause_outlives_registers_new_connections_and_a_short_absence():
    paused = pause(queue(), "w1")

    again, _ = take_place(paused, arrival("c1", 1), NOW)
    renewed, _ = take_place(again, arrival("c2", 2), NOW)
    back, _ = take_place(mark_away(renewed, "w1", "c2", NOW), arrival("c3", 3), NOW)

    assert back.workers["w1"].paused
    assert plan_dispatches(back, NOW)[1] == []


def test_a_request_that_waits_for_a_paused_worker_says_so():
    request = Request(
        space_id="a", ticket=1, nonce="n", created_at=NOW, queue_deadline=NOW + 1, expires_at=NOW
    )

    assert status_of(request, pause(queue(), "w1"), NOW).reason == "paused"


def test_pausing_nobody_changes_nothing():
    assert pause(queue(), "nobody") == queue()
    assert resume(queue(), "w1") == queue()
