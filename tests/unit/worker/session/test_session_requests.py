"""Requests from hand-over to acknowledgement, through every disorder of the wire."""

import pytest

from spaces_protocol.worker_messages import Ping, Progress, Register, Result
from spaces_worker._session.piece import Piece
from spaces_worker._session.progress import ProgressPoint
from tests.unit.worker.support.session_harness import (
    SessionHarness,
    ack,
    cancel,
    error,
    registered,
    request,
    result,
)


def answered(harness, name="a"):
    """Let a request run and end; it is not acknowledged yet."""
    harness.hear(request(name))
    harness.end(harness.started()[name], result(name))
    return harness


def test_a_request_is_started_and_its_result_sent_at_once(connected):
    connected.hear(request("a"))
    run = connected.started()["a"]

    assert connected.end(run, result("a")) == [result("a")]


def test_a_request_may_arrive_before_registered(harness):
    harness.open()

    harness.hear(request("a"))

    assert list(harness.started()) == ["a"]


def test_a_request_that_is_held_is_not_started_twice(connected):
    connected.hear(request("a"), request("a"))

    assert len(connected.started()) == 1
    connected.hear(request("a"))
    assert connected.started() == {}


def test_a_higher_attempt_of_a_held_request_only_changes_the_attempt(connected):
    connected.hear(request("a"))
    run = connected.started()["a"]

    connected.hear(request("a", attempt=2), request("a", attempt=1))

    assert connected.started() == {}
    (message,) = connected.end(run, result("a"))
    assert message.attempt == 2


def test_no_more_than_capacity_runs_and_the_rest_waits_in_order():
    harness = SessionHarness(capacity=2).connected()
    harness.hear(*(request(name) for name in "abcd"))

    first = harness.started()
    harness.end(first["b"], result("b"))
    second = harness.started()
    harness.end(first["a"], result("a"))
    third = harness.started()

    assert (list(first), list(second), list(third)) == (["a", "b"], ["c"], ["d"])


def test_a_result_is_repeated_ever_more_slowly_until_its_ack(connected):
    answered(connected)

    times = []
    for second in range(1, 200):
        times += [second for message in connected.wait(1) if isinstance(message, Result)]
    connected.hear(ack("a"))

    assert times == [10, 30, 70, 150]
    assert connected.wait(150) == [Ping()]


NOT_DELIVERED = '{"message": "Internal server error", "connectionId":"VN=", "requestId":"Vx="}'


def test_a_result_that_api_gateway_may_not_have_delivered_is_repeated_soon(connected, caplog):
    answered(connected)
    connected.wait(0.5)

    at_once = connected.hear(NOT_DELIVERED)
    soon = connected.wait(3)
    later = connected.wait(10)

    assert (at_once, soon, later) == ([], [result("a")], [])
    assert caplog.text == ""


def test_an_error_of_api_gateway_changes_nothing_if_no_result_is_unanswered(connected):
    assert connected.hear(NOT_DELIVERED) == []
    assert connected.wait(10) == []


def test_an_error_of_api_gateway_does_not_send_what_is_not_on_disk_yet():
    harness = SessionHarness(slow_disk=True).connected()
    answered(harness)

    assert harness.hear(NOT_DELIVERED) == []
    assert harness.wait(10) == []
    harness.write()

    assert harness.sent() == [result("a")]


def test_a_result_is_sent_again_on_a_new_connection_once_registered(connected):
    answered(connected)
    connected.session.lost()
    connected.now += 1

    opening = connected.open()
    after = connected.hear(registered())

    assert [type(message) for message in opening] == [Register]
    assert after == [result("a")]


def test_a_second_registered_on_the_same_connection_does_not_chase_the_results(connected):
    answered(connected)

    assert connected.hear(registered(), registered()) == []


def test_a_result_is_sent_again_even_if_registered_never_comes(connected):
    answered(connected)
    connected.session.lost()
    connected.open()

    sent = [message for message in connected.wait(10) if isinstance(message, Result)]

    assert sent == [result("a")]


@pytest.mark.parametrize("acknowledged", [False, True])
def test_an_answered_request_is_answered_again_at_the_attempt_asked_for(connected, acknowledged):
    answered(connected)
    if acknowledged:
        connected.hear(ack("a"))

    (again,) = connected.hear(request("a", attempt=3))

    assert connected.started() == {}
    assert (again.attempt, again.output) == (3, result("a").output)


def test_the_next_request_comes_with_the_ack(connected):
    answered(connected, "a")

    connected.hear(ack("a", following=request("b")))

    assert list(connected.started()) == ["b"]


def test_a_superseded_answer_counts_as_delivered_and_is_told_of(connected, caplog):
    caplog.set_level("INFO")
    answered(connected)

    connected.hear(ack("a", status="superseded"))

    assert connected.session.unacknowledged == 0
    assert "Request a: already ended without this result." in caplog.text


def test_an_ack_for_nothing_known_still_brings_the_next_request(connected):
    connected.hear(ack("x", following=request("b")))

    assert list(connected.started()) == ["b"]


@pytest.mark.parametrize("kind", ["request_not_found", "not_allowed"])
def test_a_result_that_the_gateway_does_not_want_is_dropped(connected, kind):
    answered(connected)

    connected.hear(error(kind, "a"))

    assert connected.session.unacknowledged == 0
    assert connected.wait(170) == []


@pytest.mark.parametrize("about", [None, "result"])
def test_a_result_that_cannot_be_read_is_replaced_by_a_failure(connected, about):
    answered(connected)

    (instead,) = connected.hear(error("malformed_message", "a", about))
    connected.hear(error("malformed_message", "a"))

    assert instead.status == "failed"
    assert connected.session.unacknowledged == 0


def test_an_error_about_the_progress_of_a_request_leaves_its_result_alone(connected):
    answered(connected)

    assert connected.hear(error("malformed_message", "a", "progress")) == []
    assert connected.session.unacknowledged == 1


@pytest.mark.parametrize("kind", ["busy", "internal_error"])
def test_other_errors_leave_the_result_to_its_repetition(connected, kind):
    answered(connected)

    assert connected.hear(error(kind, "a")) == []
    assert connected.wait(10) == [result("a")]


def test_an_error_about_a_held_request_does_not_stop_it(connected):
    connected.hear(request("a"))
    run = connected.started()["a"]

    connected.hear(error("malformed_message", "a"))

    assert connected.end(run, result("a")) == [result("a")]


def test_a_running_request_that_the_gateway_does_not_know_is_stopped(connected):
    connected.hear(request("a"), request("b"))
    run = connected.started()["a"]

    connected.hear(error("request_not_found", "a"))

    assert connected.stopped() == [run]
    connected.end(run, result("a"))
    assert list(connected.started()) == ["b"]


@pytest.mark.parametrize("kind", ["not_allowed", "request_not_found"])
def test_an_error_about_a_request_that_is_not_known_here_changes_nothing(connected, kind):
    assert connected.hear(error(kind, "x")) == []


def test_cancel_stops_the_run_and_wants_no_answer(connected):
    connected.hear(request("a"))
    run = connected.started()["a"]

    connected.hear(cancel("a"))

    assert connected.stopped() == [run]
    assert connected.end(run, result("a")) == []


def test_a_stopped_run_keeps_its_slot_until_it_has_ended(connected):
    connected.hear(request("a"))
    run = connected.started()["a"]
    connected.hear(cancel("a"), request("b"))
    assert connected.started() == {}

    connected.end(run, None)

    assert list(connected.started()) == ["b"]


def test_cancel_of_a_waiting_request_removes_it(connected):
    connected.hear(request("a"), request("b"), request("c"))
    run = connected.started()["a"]

    connected.hear(cancel("b"))
    connected.end(run, result("a"))

    assert list(connected.started()) == ["c"]


def test_cancel_of_an_older_attempt_is_ignored(connected):
    connected.hear(request("a", attempt=2))
    connected.started()

    connected.hear(cancel("a", attempt=1))

    assert connected.stopped() == []


def test_a_request_that_was_cancelled_before_it_arrived_is_not_run(connected):
    connected.hear(cancel("a", attempt=1), request("a", attempt=1))
    assert connected.started() == {}

    connected.hear(request("a", attempt=2))
    assert list(connected.started()) == ["a"]


def test_cancel_does_not_take_back_a_finished_answer(connected):
    answered(connected)

    connected.hear(cancel("a"))

    assert connected.wait(10) == [result("a")]


def test_abandon_stops_the_run_but_not_for_ever(connected):
    connected.hear(request("a"))
    run = connected.started()["a"]

    connected.hear(registered(abandon=[("a", 1)]))
    assert connected.stopped() == [run]
    connected.end(run, None)

    connected.hear(request("a", attempt=1))
    assert list(connected.started()) == ["a"]


def test_abandon_of_an_older_attempt_is_ignored(connected):
    connected.hear(request("a", attempt=2))
    connected.started()

    connected.hear(registered(abandon=[("a", 1), ("unknown", 1)]))

    assert connected.stopped() == []


def test_a_resumed_request_goes_on_at_the_attempt_of_the_gateway(connected):
    connected.hear(request("a"))
    run = connected.started()["a"]

    connected.hear(registered(resume=[("a", 2), ("unknown", 1)]))
    connected.hear(registered(resume=[("a", 1)]))

    (message,) = connected.end(run, result("a"))
    assert message.attempt == 2


def test_a_run_that_ends_without_a_result_frees_its_slot(connected):
    connected.hear(request("a"), request("b"))
    run = connected.started()["a"]

    assert connected.end(run, None) == []
    assert list(connected.started()) == ["b"]


def test_a_result_without_a_connection_waits_for_one(connected):
    connected.hear(request("a"))
    run = connected.started()["a"]
    connected.session.lost()

    assert connected.end(run, result("a")) == []
    connected.open()
    assert connected.hear(registered()) == [result("a")]


def test_a_quick_request_costs_no_progress_message(connected):
    connected.hear(request("a"))
    run = connected.started()["a"]
    connected.session.progressed(run, ProgressPoint(percent=50), connected.now)

    assert connected.wait(0.9) == []
    assert connected.end(run, result("a")) == [result("a")]


def test_progress_is_sent_once_a_second_and_the_last_one_wins(connected):
    connected.hear(request("a"))
    run = connected.started()["a"]

    sent = []
    for percent in range(30):
        connected.session.progressed(run, ProgressPoint(percent=percent), connected.now)
        sent += connected.wait(0.1)

    assert [message.percent for message in sent] == [9, 19, 29]


def test_streamed_text_goes_out_twice_a_second_with_the_progress(connected):
    connected.hear(request("a"))
    run = connected.started()["a"]

    sent = []
    connected.session.progressed(run, ProgressPoint(percent=5), connected.now)
    for piece in "abcdefghij":
        connected.session.streamed(run, Piece(piece), connected.now)
        sent += connected.wait(0.1)

    assert [(each.chunk.index, each.chunk.text, each.percent) for each in sent] == [
        (0, "a", 5),
        (1, "bcdef", 5),
    ]


def test_a_quick_stream_costs_no_message(connected):
    connected.hear(request("a"))
    run = connected.started()["a"]
    connected.session.streamed(run, Piece("Hello"), connected.now)

    assert connected.wait(0.05) == []
    assert connected.end(run, result("a")) == [result("a")]


@pytest.mark.parametrize("how", ["request", "resume"])
def test_at_a_new_attempt_the_text_is_streamed_anew(connected, how):
    connected.hear(request("a"))
    run = connected.started()["a"]
    connected.session.streamed(run, Piece("Hel"), connected.now)
    connected.wait(1)
    connected.session.streamed(run, Piece("lo"), connected.now)
    connected.sent()

    again = request("a", attempt=2) if how == "request" else registered(resume=[("a", 2)])
    sent = connected.hear(again) + connected.wait(1)

    chunks = [(each.attempt, each.chunk.index, each.chunk.text) for each in sent]
    assert chunks == [(2, 0, "Hello")]


def test_silence_is_filled_with_beats_that_repeat_the_last_progress(connected):
    connected.hear(request("a", attempt=2))
    run = connected.started()["a"]
    connected.session.progressed(run, ProgressPoint(step=1, total=4, message="go"), connected.now)
    connected.wait(1)

    beats = connected.wait(20)

    expected = Progress(request_id="a", attempt=2, step=1, total=4, message="go")
    assert beats == [expected, expected]


def test_a_request_that_waits_here_is_kept_alive_too(connected):
    connected.hear(request("a"), request("b"))

    beats = connected.wait(10)

    assert [message.request_id for message in beats] == ["a", "b"]


def test_beats_follow_the_lease_of_the_gateway():
    harness = SessionHarness().connected(lease=6.0)
    harness.hear(request("a"))

    assert len(harness.wait(6)) == 3


def test_progress_is_not_sent_without_a_connection_but_after_it(connected):
    connected.hear(request("a"))
    run = connected.started()["a"]
    connected.session.lost()
    connected.session.progressed(run, ProgressPoint(percent=70), connected.now)
    assert connected.wait(30) == []

    connected.open()
    connected.hear(registered())

    assert [message.percent for message in connected.wait(1)] == [70]


def test_progress_and_text_of_a_stopped_run_are_ignored(connected):
    connected.hear(request("a"))
    run = connected.started()["a"]
    connected.hear(cancel("a"))

    connected.session.progressed(run, ProgressPoint(percent=70), connected.now)
    connected.session.streamed(run, Piece("Hello"), connected.now)

    assert connected.wait(20) == []


def test_memory_for_unacknowledged_answers_is_bounded(connected, caplog):
    for number in range(101):
        answered(connected, f"r{number}")

    assert connected.session.unacknowledged == 100
    assert "Request r0: the result is dropped" in caplog.text


def test_memory_for_acknowledged_answers_is_bounded(connected):
    for number in range(40):
        answered(connected, f"r{number}")
        connected.hear(ack(f"r{number}"))

    connected.hear(request("r0"), request("r39"))

    assert list(connected.started()) == ["r0"]


def test_memory_for_cancelled_requests_is_bounded(connected):
    connected.hear(*(cancel(f"r{number}") for number in range(300)))

    connected.hear(request("r0"))

    assert list(connected.started()) == ["r0"]
