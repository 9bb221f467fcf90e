"""Requests from hand-over to acknowledgement, through every disorder of the wire."""

import pytest

from spaces_protocol.worker_messages import Ping, Progress, Register, Result
from spaces_worker._session.progress import ProgressPoint
from tests.unit.worker.conftest import (
    Table,
    ack,
    cancel,
    error,
    registered,
    request,
    result,
)


def answered(table, name="a"):
    """Let a request run and end; it is not acknowledged yet."""
    table.hear(request(name))
    table.end(table.started()[name], result(name))
    return table


def test_a_request_is_started_and_its_result_sent_at_once(linked):
    linked.hear(request("a"))
    run = linked.started()["a"]

    assert linked.end(run, result("a")) == [result("a")]


def test_a_request_may_arrive_before_registered(table):
    table.open()

    table.hear(request("a"))

    assert list(table.started()) == ["a"]


def test_a_request_that_is_held_is_not_started_twice(linked):
    linked.hear(request("a"), request("a"))

    assert len(linked.started()) == 1
    linked.hear(request("a"))
    assert linked.started() == {}


def test_a_higher_attempt_of_a_held_request_only_changes_the_attempt(linked):
    linked.hear(request("a"))
    run = linked.started()["a"]

    linked.hear(request("a", attempt=2), request("a", attempt=1))

    assert linked.started() == {}
    (message,) = linked.end(run, result("a"))
    assert message.attempt == 2


def test_no_more_than_capacity_runs_and_the_rest_waits_in_order():
    table = Table(capacity=2).linked()
    table.hear(*(request(name) for name in "abcd"))

    first = table.started()
    table.end(first["b"], result("b"))
    second = table.started()
    table.end(first["a"], result("a"))
    third = table.started()

    assert (list(first), list(second), list(third)) == (["a", "b"], ["c"], ["d"])


def test_a_result_is_repeated_ever_more_slowly_until_its_ack(linked):
    answered(linked)

    times = []
    for second in range(1, 200):
        times += [second for message in linked.wait(1) if isinstance(message, Result)]
    linked.hear(ack("a"))

    assert times == [10, 30, 70, 150]
    assert linked.wait(150) == [Ping()]


def test_a_result_is_sent_again_on_a_new_link_once_registered(linked):
    answered(linked)
    linked.session.lost()
    linked.now += 1

    opening = linked.open()
    after = linked.hear(registered())

    assert [type(message) for message in opening] == [Register]
    assert after == [result("a")]


def test_a_second_registered_on_the_same_link_does_not_chase_the_results(linked):
    answered(linked)

    assert linked.hear(registered(), registered()) == []


def test_a_result_is_sent_again_even_if_registered_never_comes(linked):
    answered(linked)
    linked.session.lost()
    linked.open()

    sent = [message for message in linked.wait(10) if isinstance(message, Result)]

    assert sent == [result("a")]


@pytest.mark.parametrize("acknowledged", [False, True])
def test_an_answered_request_is_answered_again_at_the_attempt_asked_for(linked, acknowledged):
    answered(linked)
    if acknowledged:
        linked.hear(ack("a"))

    (again,) = linked.hear(request("a", attempt=3))

    assert linked.started() == {}
    assert (again.attempt, again.output) == (3, result("a").output)


def test_the_next_request_comes_with_the_ack(linked):
    answered(linked, "a")

    linked.hear(ack("a", following=request("b")))

    assert list(linked.started()) == ["b"]


def test_a_superseded_answer_counts_as_delivered_and_is_told_of(linked, caplog):
    caplog.set_level("INFO")
    answered(linked)

    linked.hear(ack("a", status="superseded"))

    assert linked.session.unacknowledged == 0
    assert "Request a had already ended without this answer." in caplog.text


def test_an_ack_for_nothing_known_still_brings_the_next_request(linked):
    linked.hear(ack("x", following=request("b")))

    assert list(linked.started()) == ["b"]


@pytest.mark.parametrize("kind", ["request_not_found", "not_allowed"])
def test_a_result_that_the_gateway_does_not_want_is_dropped(linked, kind):
    answered(linked)

    linked.hear(error(kind, "a"))

    assert linked.session.unacknowledged == 0
    assert linked.wait(170) == []


@pytest.mark.parametrize("about", [None, "result"])
def test_a_result_that_cannot_be_read_is_replaced_by_a_failure(linked, about):
    answered(linked)

    (instead,) = linked.hear(error("malformed_message", "a", about))
    linked.hear(error("malformed_message", "a"))

    assert instead.status == "failed"
    assert linked.session.unacknowledged == 0


def test_an_error_about_the_progress_of_a_request_leaves_its_result_alone(linked):
    answered(linked)

    assert linked.hear(error("malformed_message", "a", "progress")) == []
    assert linked.session.unacknowledged == 1


@pytest.mark.parametrize("kind", ["busy", "internal_error"])
def test_other_errors_leave_the_result_to_its_repetition(linked, kind):
    answered(linked)

    assert linked.hear(error(kind, "a")) == []
    assert linked.wait(10) == [result("a")]


def test_an_error_about_a_held_request_does_not_stop_it(linked):
    linked.hear(request("a"))
    run = linked.started()["a"]

    linked.hear(error("malformed_message", "a"))

    assert linked.end(run, result("a")) == [result("a")]


def test_a_running_request_that_the_gateway_does_not_know_is_stopped(linked):
    linked.hear(request("a"), request("b"))
    run = linked.started()["a"]

    linked.hear(error("request_not_found", "a"))

    assert linked.stopped() == [run]
    linked.end(run, result("a"))
    assert list(linked.started()) == ["b"]


@pytest.mark.parametrize("kind", ["not_allowed", "request_not_found"])
def test_an_error_about_a_request_that_is_not_known_here_changes_nothing(linked, kind):
    assert linked.hear(error(kind, "x")) == []


def test_cancel_stops_the_run_and_wants_no_answer(linked):
    linked.hear(request("a"))
    run = linked.started()["a"]

    linked.hear(cancel("a"))

    assert linked.stopped() == [run]
    assert linked.end(run, result("a")) == []


def test_a_stopped_run_keeps_its_slot_until_it_has_ended(linked):
    linked.hear(request("a"))
    run = linked.started()["a"]
    linked.hear(cancel("a"), request("b"))
    assert linked.started() == {}

    linked.end(run, None)

    assert list(linked.started()) == ["b"]


def test_cancel_of_a_waiting_request_removes_it(linked):
    linked.hear(request("a"), request("b"), request("c"))
    run = linked.started()["a"]

    linked.hear(cancel("b"))
    linked.end(run, result("a"))

    assert list(linked.started()) == ["c"]


def test_cancel_of_an_older_attempt_is_ignored(linked):
    linked.hear(request("a", attempt=2))
    linked.started()

    linked.hear(cancel("a", attempt=1))

    assert linked.stopped() == []


def test_a_request_that_was_cancelled_before_it_arrived_is_not_run(linked):
    linked.hear(cancel("a", attempt=1), request("a", attempt=1))
    assert linked.started() == {}

    linked.hear(request("a", attempt=2))
    assert list(linked.started()) == ["a"]


def test_cancel_does_not_take_back_a_finished_answer(linked):
    answered(linked)

    linked.hear(cancel("a"))

    assert linked.wait(10) == [result("a")]


def test_abandon_stops_the_run_but_not_for_ever(linked):
    linked.hear(request("a"))
    run = linked.started()["a"]

    linked.hear(registered(abandon=[("a", 1)]))
    assert linked.stopped() == [run]
    linked.end(run, None)

    linked.hear(request("a", attempt=1))
    assert list(linked.started()) == ["a"]


def test_abandon_of_an_older_attempt_is_ignored(linked):
    linked.hear(request("a", attempt=2))
    linked.started()

    linked.hear(registered(abandon=[("a", 1), ("unknown", 1)]))

    assert linked.stopped() == []


def test_a_resumed_request_goes_on_at_the_attempt_of_the_gateway(linked):
    linked.hear(request("a"))
    run = linked.started()["a"]

    linked.hear(registered(resume=[("a", 2), ("unknown", 1)]))
    linked.hear(registered(resume=[("a", 1)]))

    (message,) = linked.end(run, result("a"))
    assert message.attempt == 2


def test_a_run_that_ends_without_a_result_frees_its_slot(linked):
    linked.hear(request("a"), request("b"))
    run = linked.started()["a"]

    assert linked.end(run, None) == []
    assert list(linked.started()) == ["b"]


def test_a_result_without_a_link_waits_for_one(linked):
    linked.hear(request("a"))
    run = linked.started()["a"]
    linked.session.lost()

    assert linked.end(run, result("a")) == []
    linked.open()
    assert linked.hear(registered()) == [result("a")]


def test_a_quick_request_costs_no_progress_message(linked):
    linked.hear(request("a"))
    run = linked.started()["a"]
    linked.session.progressed(run, ProgressPoint(percent=50), linked.now)

    assert linked.wait(0.9) == []
    assert linked.end(run, result("a")) == [result("a")]


def test_progress_is_sent_once_a_second_and_the_last_one_wins(linked):
    linked.hear(request("a"))
    run = linked.started()["a"]

    sent = []
    for percent in range(30):
        linked.session.progressed(run, ProgressPoint(percent=percent), linked.now)
        sent += linked.wait(0.1)

    assert [message.percent for message in sent] == [9, 19, 29]


def test_streamed_text_goes_out_twice_a_second_with_the_progress(linked):
    linked.hear(request("a"))
    run = linked.started()["a"]

    sent = []
    linked.session.progressed(run, ProgressPoint(percent=5), linked.now)
    for piece in "abcdefghij":
        linked.session.streamed(run, piece, linked.now)
        sent += linked.wait(0.1)

    assert [(each.chunk.index, each.chunk.text, each.percent) for each in sent] == [
        (0, "abcde", 5),
        (1, "fghij", 5),
    ]


def test_a_quick_stream_costs_no_message(linked):
    linked.hear(request("a"))
    run = linked.started()["a"]
    linked.session.streamed(run, "Hello", linked.now)

    assert linked.wait(0.4) == []
    assert linked.end(run, result("a")) == [result("a")]


@pytest.mark.parametrize("how", ["request", "resume"])
def test_at_a_new_attempt_the_text_is_streamed_anew(linked, how):
    linked.hear(request("a"))
    run = linked.started()["a"]
    linked.session.streamed(run, "Hel", linked.now)
    linked.wait(1)
    linked.session.streamed(run, "lo", linked.now)
    linked.sent()

    again = request("a", attempt=2) if how == "request" else registered(resume=[("a", 2)])
    sent = linked.hear(again) + linked.wait(1)

    chunks = [(each.attempt, each.chunk.index, each.chunk.text) for each in sent]
    assert chunks == [(2, 0, "Hello")]


def test_silence_is_filled_with_beats_that_repeat_the_last_progress(linked):
    linked.hear(request("a", attempt=2))
    run = linked.started()["a"]
    linked.session.progressed(run, ProgressPoint(step=1, total=4, message="go"), linked.now)
    linked.wait(1)

    beats = linked.wait(20)

    expected = Progress(request_id="a", attempt=2, step=1, total=4, message="go")
    assert beats == [expected, expected]


def test_a_request_that_waits_here_is_kept_alive_too(linked):
    linked.hear(request("a"), request("b"))

    beats = linked.wait(10)

    assert [message.request_id for message in beats] == ["a", "b"]


def test_beats_follow_the_lease_of_the_gateway():
    table = Table().linked(lease=6.0)
    table.hear(request("a"))

    assert len(table.wait(6)) == 3


def test_progress_is_not_sent_without_a_link_but_after_it(linked):
    linked.hear(request("a"))
    run = linked.started()["a"]
    linked.session.lost()
    linked.session.progressed(run, ProgressPoint(percent=70), linked.now)
    assert linked.wait(30) == []

    linked.open()
    linked.hear(registered())

    assert [message.percent for message in linked.wait(1)] == [70]


def test_progress_and_text_of_a_stopped_run_are_ignored(linked):
    linked.hear(request("a"))
    run = linked.started()["a"]
    linked.hear(cancel("a"))

    linked.session.progressed(run, ProgressPoint(percent=70), linked.now)
    linked.session.streamed(run, "Hello", linked.now)

    assert linked.wait(20) == []


def test_memory_for_unacknowledged_answers_is_bounded(linked, caplog):
    for number in range(101):
        answered(linked, f"r{number}")

    assert linked.session.unacknowledged == 100
    assert "r0 is dropped" in caplog.text


def test_memory_for_acknowledged_answers_is_bounded(linked):
    for number in range(40):
        answered(linked, f"r{number}")
        linked.hear(ack(f"r{number}"))

    linked.hear(request("r0"), request("r39"))

    assert list(linked.started()) == ["r0"]


def test_memory_for_cancelled_requests_is_bounded(linked):
    linked.hear(*(cancel(f"r{number}") for number in range(300)))

    linked.hear(request("r0"))

    assert list(linked.started()) == ["r0"]
