"""Results on disk: written before they are sent, gone once the gateway has them."""

import pytest

from spaces_protocol.worker_messages import InFlight, Output, Register, Result
from spaces_worker._session.outbox import MAX_AGE_SECONDS, MAX_BYTES
from tests.unit.worker.support.session_harness import (
    SessionHarness,
    ack,
    error,
    registered,
    request,
    result,
)


def restarted(*kept, **options):
    """Return a session of a new process that found those results, given as (result, age)."""
    harness = SessionHarness(**options)
    for each, age in kept:
        harness.session.restore(each, age, harness.now)
        harness.disk[each.request_id] = each
    return harness


def answered(harness, name="a", answer=None):
    harness.hear(request(name))
    return harness.end(harness.started()[name], answer or result(name))


def large(name, size):
    return Result(request_id=name, attempt=1, status="completed", output=Output(text="x" * size))


def test_a_result_is_sent_only_after_it_is_on_disk():
    harness = SessionHarness(slow_disk=True).connected()

    assert answered(harness) == []
    assert harness.wait(60) == []
    harness.write()

    assert harness.disk == {"a": result("a")}
    assert harness.sent() == [result("a")]


def test_a_new_connection_does_not_send_what_is_not_on_disk_yet():
    harness = SessionHarness(slow_disk=True).connected()
    answered(harness)

    harness.session.lost()
    harness.open()

    assert harness.hear(registered()) == []
    harness.write()
    assert harness.sent() == [result("a")]


def test_a_late_word_of_the_disk_about_a_replaced_result_sends_nothing():
    harness = SessionHarness(slow_disk=True).connected()
    answered(harness)
    (effect,) = harness.session.take_disk_effects()
    harness.hear(request("a", attempt=2))

    harness.session.saved(effect.result, harness.now)
    assert harness.sent() == []
    harness.write()

    assert [message.attempt for message in harness.sent()] == [2]


@pytest.mark.parametrize(
    "news",
    [
        ack("a"),
        ack("a", status="superseded"),
        error("request_not_found", "a"),
        error("not_allowed", "a"),
    ],
)
def test_a_result_leaves_the_disk_when_the_gateway_has_it_or_does_not_want_it(connected, news):
    answered(connected)
    assert connected.disk == {"a": result("a")}

    connected.hear(news)

    assert connected.disk == {}


@pytest.mark.parametrize("kind", ["busy", "internal_error", "not_registered"])
def test_a_result_stays_on_disk_after_any_other_error(connected, kind):
    answered(connected)

    connected.hear(error(kind, "a"))

    assert connected.disk == {"a": result("a")}


def test_the_failure_that_replaces_an_unreadable_result_replaces_it_on_disk(connected):
    answered(connected)

    connected.hear(error("malformed_message", "a"))

    assert connected.disk["a"].status == "failed"


def test_results_of_an_earlier_process_are_named_and_sent_once_registered():
    harness = restarted((result("a"), 60.0), (result("b"), 5.0))

    opening = harness.open()
    after = harness.hear(registered())

    (register,) = opening
    assert isinstance(register, Register)
    assert register.in_flight == [
        InFlight(request_id="a", attempt=1),
        InFlight(request_id="b", attempt=1),
    ]
    assert after == [result("a"), result("b")]


def test_a_request_whose_result_was_kept_is_answered_at_its_new_attempt_and_not_run():
    harness = restarted((result("a"), 60.0)).connected()

    (again,) = harness.hear(request("a", attempt=2))

    assert harness.started() == {}
    assert (again.attempt, again.output) == (2, result("a").output)


def test_a_request_that_comes_before_registered_is_not_run_either():
    harness = restarted((result("a"), 60.0))
    harness.open()

    assert harness.hear(request("a")) == [result("a")]
    assert harness.started() == {}


def test_a_delivered_result_of_an_earlier_process_leaves_the_disk():
    harness = restarted((result("a"), 60.0), (result("b"), 5.0)).connected()

    harness.hear(ack("a"))

    assert list(harness.disk) == ["b"]


def test_results_that_nobody_waits_for_any_more_are_dropped(caplog):
    harness = restarted((result("old"), MAX_AGE_SECONDS + 1), (result("new"), MAX_AGE_SECONDS - 9))
    harness.open()

    assert harness.hear(registered()) == [result("new")]
    assert list(harness.disk) == ["new"]
    assert "Request old: the result is dropped, because it is too old" in caplog.text


def test_a_result_also_grows_too_old_while_the_process_lives():
    harness = restarted((result("a"), MAX_AGE_SECONDS - 100)).connected()

    harness.wait(99)
    assert list(harness.disk) == ["a"]
    harness.wait(120)

    assert harness.disk == {}
    assert harness.session.unacknowledged == 0


def test_a_clock_that_was_set_back_makes_no_result_old():
    harness = restarted((result("a"), -1e9))
    harness.open()

    assert harness.hear(registered()) == [result("a")]


def test_results_beyond_the_number_are_given_up_on_disk_too(connected, caplog):
    for number in range(101):
        answered(connected, f"r{number}")

    assert len(connected.disk) == 100
    assert "r0" not in connected.disk
    assert "Request r0: the result is dropped" in caplog.text


def test_results_beyond_the_bytes_are_given_up_oldest_first(connected, caplog):
    size = MAX_BYTES // 10
    for number in range(10):
        answered(connected, f"r{number}", large(f"r{number}", size))

    assert list(connected.disk) == [f"r{number}" for number in range(1, 10)]
    assert "Request r0: the result is dropped" in caplog.text


def test_kept_results_beyond_the_number_are_given_up_oldest_first():
    kept = [(result(f"r{number}"), 200.0 - number) for number in range(102)]

    harness = restarted(*kept)
    harness.write()

    assert list(harness.disk) == [f"r{number}" for number in range(2, 102)]


def test_a_drained_worker_delivers_what_an_earlier_process_left():
    harness = restarted((result("a"), 60.0))
    harness.session.drain(harness.now)

    assert harness.open() == [result("a")]
    assert not harness.session.drained(harness.now)
    harness.hear(ack("a"))

    assert harness.session.drained(harness.now)
