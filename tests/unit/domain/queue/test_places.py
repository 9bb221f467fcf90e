from msgspec.structs import replace

from spaces.domain.queue.places import (
    Arrival,
    blocking_workers,
    drain,
    forget_absent,
    is_outdated,
    mark_away,
    set_state,
    take_place,
)
from spaces.domain.queue.queue import Place, Queue, Requeued, Running
from spaces.domain.queue.settlement import requeue
from spaces.domain.timing import AWAY_GRACE

NOW = 1_800_000_000_000


def arrival(worker_id="w", connection_id="new", connected_at=NOW, in_flight=None, session=""):
    return Arrival(worker_id, connection_id, connected_at, 1, session, in_flight or {})


def state_with(place_state="ready", running=(), **fields):
    place = Place("old", NOW - 1_000, 1, NOW - 1_000, place_state)
    held = {ticket: Running("w", 1, NOW - 5_000, NOW + 60_000, NOW + 90_000) for ticket in running}
    fields = {"tail": 5, "next": 5, **fields}
    return Queue(space_id="echo", workers={"w": place}, running=held, **fields)


def test_of_two_connections_the_later_one_counts():
    state = state_with()

    assert is_outdated(state, arrival(connected_at=NOW - 2_000))
    assert not is_outdated(state, arrival())


def test_only_a_full_space_has_holders_in_the_way_and_never_of_ones_own():
    state = state_with()
    roomy = replace(state, limits=replace(state.limits, max_workers=2))

    assert blocking_workers(state, arrival("other")) == ["w"]
    assert blocking_workers(state, arrival()) == []
    assert blocking_workers(roomy, arrival("other")) == []


def test_a_returning_worker_goes_on_with_what_it_names_and_misses_the_rest():
    state, taken = take_place(
        state_with("away", running=(1, 2)), arrival(in_flight={1: 1, 2: 7}), NOW
    )

    assert (taken.resume, taken.resend) == ([1], [2])
    assert state.workers["w"].connection_id == "new"


def test_what_was_taken_too_early_goes_on_under_its_old_deadline():
    back = Requeued(3, 2, "w", since=NOW - 50_000, deadline=NOW + 70_000, losses=1)

    state, taken = take_place(state_with(retry=(back,)), arrival(in_flight={3: 2}), NOW)

    assert taken.resume == [3]
    assert state.retry == ()
    assert (state.running[3].attempt, state.running[3].deadline) == (2, NOW + 70_000)


def test_what_another_worker_or_attempt_was_handed_back_stays_in_the_queue():
    backs = (Requeued(2, 1, "other"), Requeued(3, 2, "w"))

    state, taken = take_place(state_with(retry=backs), arrival(in_flight={2: 1, 3: 1}), NOW)

    assert taken.resume == []
    assert state.retry == backs


def test_a_worker_that_drains_goes_on_draining_by_the_same_connection_only():
    state = drain(state_with(), "w", "old", NOW)

    same, _ = take_place(state, arrival(connection_id="old", connected_at=NOW - 1_000), NOW)
    new, _ = take_place(state, arrival(), NOW)

    assert same.workers["w"].state == "draining"
    assert new.workers["w"].state == "ready"


def test_a_worker_that_goes_away_keeps_what_it_holds_for_the_grace():
    state = mark_away(state_with(running=(1,)), "w", "old", NOW)

    assert state.workers["w"].state == "away"
    assert state.running[1].lease_until == NOW + AWAY_GRACE
    assert forget_absent(state) == state
    assert forget_absent(requeue(state, 1, 1, lost=True)).workers == {}


def test_a_worker_that_goes_away_with_nothing_in_hand_is_forgotten_at_once():
    assert mark_away(state_with(), "w", "old", NOW).workers == {}


def test_the_end_of_another_connection_means_nothing():
    state = state_with(running=(1,))

    assert mark_away(state, "w", "other", NOW) == state
    assert mark_away(state, "nobody", "old", NOW) == state
    assert drain(state, "w", "other", NOW) == state
    assert set_state(state, "w", "other", ready=False, now=NOW) == state


def test_silence_makes_suspect_and_a_sign_of_life_makes_ready():
    suspect = set_state(state_with(), "w", "old", ready=False, now=NOW)

    assert suspect.workers["w"].state == "suspect"
    assert set_state(suspect, "w", "old", ready=True, now=NOW).workers["w"].state == "ready"
    draining = drain(state_with(), "w", "old", NOW)
    assert set_state(draining, "w", "old", ready=True, now=NOW) == draining
