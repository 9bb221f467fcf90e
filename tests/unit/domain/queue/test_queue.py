from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from spaces.domain.queue.dispatch import plan_dispatches
from spaces.domain.queue.queue import DispatchLimits, Place, Queue, Requeued, Running
from spaces.domain.queue.settlement import MAX_HOLES, complete, drop, requeue
from spaces.domain.timing import DISPATCH_LEASE

NOW = 1_800_000_000_000


def queue(**fields) -> Queue:
    return Queue(space_id="echo", **fields)


def ready(capacity=1, connected_at=NOW):
    return Place("c", connected_at, capacity, connected_at)


def running(worker_id="w", attempt=1, losses=0):
    return Running(worker_id, attempt, NOW, NOW + 20_000, NOW + 120_000, losses)


def test_an_empty_queue_has_nobody_waiting():
    assert queue().waiting == 0
    assert queue().position(1) is None


def test_positions_count_from_zero_and_skip_holes():
    state = queue(tail=5, holes=(2, 4))

    assert [state.position(t) for t in range(1, 6)] == [0, None, 1, None, 2]
    assert state.waiting == 3


def test_handed_back_requests_stand_before_the_rest():
    state = queue(tail=6, next=5, retry=(Requeued(2), Requeued(4)))

    assert [state.position(t) for t in (2, 4, 5, 6)] == [0, 1, 2, 3]
    assert state.waiting == 4


def test_a_ticket_beyond_the_tail_has_no_position():
    assert queue(tail=2).position(3) is None


def test_hand_overs_go_in_ticket_order_up_to_the_capacity():
    state, dispatches = plan_dispatches(queue(tail=5, workers={"w": ready(3)}), NOW)

    assert [h.ticket for h in dispatches] == [1, 2, 3]
    assert state.next == 4
    assert state.waiting == 2
    assert {r.lease_until for r in state.running.values()} == {NOW + DISPATCH_LEASE}


def test_dispatches_skip_holes_and_forget_those_behind():
    state, dispatches = plan_dispatches(
        queue(tail=4, holes=(1, 2, 4), workers={"w": ready(2)}), NOW
    )

    assert [h.ticket for h in dispatches] == [3]
    assert state.holes == (4,)
    assert state.waiting == 0


def test_each_hand_over_raises_the_attempt_and_remembers_losses():
    state, (dispatch,) = plan_dispatches(
        queue(tail=1, next=2, retry=(Requeued(1, 2, "w", losses=1),), workers={"w": ready()}),
        NOW,
    )

    assert dispatch.attempt == 3
    assert state.running[1].losses == 1


def test_only_ready_workers_are_handed_anything():
    places = {state: Place("c", NOW, 1, NOW, state) for state in ("away", "suspect", "draining")}

    state, dispatches = plan_dispatches(queue(tail=3, workers=places), NOW)

    assert dispatches == []
    assert state == queue(tail=3, workers=places)


def test_the_lease_of_a_hand_over_never_reaches_beyond_its_deadline():
    state, (dispatch,) = plan_dispatches(
        queue(tail=1, workers={"w": ready()}, limits=DispatchLimits(timeout=5_000)), NOW
    )

    assert state.running[1].lease_until == dispatch.deadline == NOW + 5_000


def test_a_waiting_ticket_that_is_dropped_leaves_a_hole():
    assert drop(queue(tail=3), 2).holes == (2,)
    assert drop(drop(queue(tail=3), 2), 2).holes == (2,)


def test_dropping_what_is_not_there_changes_nothing():
    state = queue(tail=3, next=3, running={2: running()})

    assert drop(state, 1) == state
    assert drop(state, 9) == state


def test_holes_are_bounded():
    state = queue(tail=MAX_HOLES + 10)
    for ticket in range(2, MAX_HOLES + 5):
        state = drop(state, ticket)

    assert len(state.holes) == MAX_HOLES
    assert state.position(1) == 0


def test_holes_at_the_head_are_stepped_over_so_that_ended_requests_do_not_fill_the_queue():
    state = queue(tail=MAX_HOLES + 10)
    for ticket in range(1, MAX_HOLES + 10):
        state = drop(state, ticket)

    assert (state.next, state.holes, state.waiting) == (MAX_HOLES + 10, (), 1)


def test_the_pace_is_learnt_from_what_was_answered():
    state = queue(tail=2, next=3, running={1: running(), 2: running()})

    state = complete(state, 1, NOW + 10_000)
    assert state.pace == 10_000
    state = complete(state, 2, NOW + 20_000)
    assert state.pace == 13_000


def test_a_request_is_handed_back_only_at_the_attempt_that_it_runs_at():
    state = queue(tail=1, next=2, running={1: running(attempt=2)})

    assert requeue(state, 1, 1, lost=True) == state
    back = requeue(state, 1, 2, lost=True)
    assert back.running == {}
    assert back.retry[0].losses == 1
    assert requeue(state, 1, 2, lost=False).retry[0].losses == 0


def test_handed_back_requests_lie_in_ticket_order():
    state = queue(tail=3, next=4, running={n: running() for n in (3, 1, 2)})
    for ticket in (2, 3, 1):
        state = requeue(state, ticket, 1, lost=False)

    assert [back.ticket for back in state.retry] == [1, 2, 3]


steps = st.lists(
    st.tuples(st.sampled_from(["submit", "drop", "plan", "finish", "back"]), st.integers(1, 12)),
    max_size=60,
)


@given(steps, st.integers(1, 3))
def test_whatever_happens_nothing_is_lost_and_nobody_holds_too_much(events, capacity):
    """Accepted = waiting + running + gone, and positions are 0, 1, 2 … without gaps."""
    state = queue(workers={"w": ready(capacity)})
    gone: set[int] = set()
    for event, ticket in events:
        if event == "submit":
            state = replace(state, tail=state.tail + 1)
        elif event == "plan":
            state, _ = plan_dispatches(state, NOW)
        elif event == "back":
            attempt = state.running[ticket].attempt if ticket in state.running else 0
            state = requeue(state, ticket, attempt, lost=False)
        elif ticket <= state.tail and (ticket in state.running or event == "drop"):
            before = state
            state = complete(state, ticket, NOW) if event == "finish" else drop(state, ticket)
            if state != before:
                gone.add(ticket)
        assert state.tail == state.waiting + len(state.running) + len(gone)
        assert len(state.running) <= capacity
        positions = {state.position(t) for t in range(1, state.tail + 1)} - {None}
        assert positions == set(range(state.waiting))
