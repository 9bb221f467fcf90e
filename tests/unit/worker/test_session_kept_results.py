"""Results on disk: written before they are sent, gone once the gateway has them."""

import pytest

from spaces_protocol.worker_messages import InFlight, Output, Register, Result
from spaces_worker._session.outbox import MAX_AGE_SECONDS, MAX_BYTES
from tests.unit.worker.conftest import Table, ack, error, registered, request, result


def restarted(*kept, **options):
    """Return a session of a new process that found those results, given as (result, age)."""
    table = Table(**options)
    for each, age in kept:
        table.session.restore(each, age, table.now)
        table.disk[each.request_id] = each
    return table


def answered(table, name="a", answer=None):
    table.hear(request(name))
    return table.end(table.started()[name], answer or result(name))


def large(name, size):
    return Result(request_id=name, attempt=1, status="completed", output=Output(text="x" * size))


def test_a_result_is_sent_only_after_it_is_on_disk():
    table = Table(slow_disk=True).linked()

    assert answered(table) == []
    assert table.wait(60) == []
    table.write()

    assert table.disk == {"a": result("a")}
    assert table.sent() == [result("a")]


def test_a_new_link_does_not_send_what_is_not_on_disk_yet():
    table = Table(slow_disk=True).linked()
    answered(table)

    table.session.lost()
    table.open()

    assert table.hear(registered()) == []
    table.write()
    assert table.sent() == [result("a")]


def test_a_late_word_of_the_disk_about_a_replaced_result_sends_nothing():
    table = Table(slow_disk=True).linked()
    answered(table)
    (order,) = table.session.take_file_orders()
    table.hear(request("a", attempt=2))

    table.session.kept(order.result, table.now)
    assert table.sent() == []
    table.write()

    assert [message.attempt for message in table.sent()] == [2]


@pytest.mark.parametrize(
    "news",
    [
        ack("a"),
        ack("a", status="superseded"),
        error("request_not_found", "a"),
        error("not_allowed", "a"),
    ],
)
def test_a_result_leaves_the_disk_when_the_gateway_has_it_or_does_not_want_it(linked, news):
    answered(linked)
    assert linked.disk == {"a": result("a")}

    linked.hear(news)

    assert linked.disk == {}


@pytest.mark.parametrize("kind", ["busy", "internal_error", "not_registered"])
def test_a_result_stays_on_disk_after_any_other_error(linked, kind):
    answered(linked)

    linked.hear(error(kind, "a"))

    assert linked.disk == {"a": result("a")}


def test_the_failure_that_replaces_an_unreadable_result_replaces_it_on_disk(linked):
    answered(linked)

    linked.hear(error("malformed_message", "a"))

    assert linked.disk["a"].status == "failed"


def test_results_of_an_earlier_process_are_named_and_sent_once_registered():
    table = restarted((result("a"), 60.0), (result("b"), 5.0))

    opening = table.open()
    after = table.hear(registered())

    (register,) = opening
    assert isinstance(register, Register)
    assert register.in_flight == [
        InFlight(request_id="a", attempt=1),
        InFlight(request_id="b", attempt=1),
    ]
    assert after == [result("a"), result("b")]


def test_a_request_whose_result_was_kept_is_answered_at_its_new_attempt_and_not_run():
    table = restarted((result("a"), 60.0)).linked()

    (again,) = table.hear(request("a", attempt=2))

    assert table.started() == {}
    assert (again.attempt, again.output) == (2, result("a").output)


def test_a_request_that_comes_before_registered_is_not_run_either():
    table = restarted((result("a"), 60.0))
    table.open()

    assert table.hear(request("a")) == [result("a")]
    assert table.started() == {}


def test_a_delivered_result_of_an_earlier_process_leaves_the_disk():
    table = restarted((result("a"), 60.0), (result("b"), 5.0)).linked()

    table.hear(ack("a"))

    assert list(table.disk) == ["b"]


def test_results_that_nobody_waits_for_any_more_are_dropped(caplog):
    table = restarted((result("old"), MAX_AGE_SECONDS + 1), (result("new"), MAX_AGE_SECONDS - 9))
    table.open()

    assert table.hear(registered()) == [result("new")]
    assert list(table.disk) == ["new"]
    assert "The answer to old is too old" in caplog.text


def test_a_result_also_grows_too_old_while_the_process_lives():
    table = restarted((result("a"), MAX_AGE_SECONDS - 100)).linked()

    table.wait(99)
    assert list(table.disk) == ["a"]
    table.wait(120)

    assert table.disk == {}
    assert table.session.unacknowledged == 0


def test_a_clock_that_was_set_back_makes_no_result_old():
    table = restarted((result("a"), -1e9))
    table.open()

    assert table.hear(registered()) == [result("a")]


def test_results_beyond_the_number_are_given_up_on_disk_too(linked, caplog):
    for number in range(101):
        answered(linked, f"r{number}")

    assert len(linked.disk) == 100
    assert "r0" not in linked.disk
    assert "r0 is dropped" in caplog.text


def test_results_beyond_the_bytes_are_given_up_oldest_first(linked, caplog):
    size = MAX_BYTES // 10
    for number in range(10):
        answered(linked, f"r{number}", large(f"r{number}", size))

    assert list(linked.disk) == [f"r{number}" for number in range(1, 10)]
    assert "r0 is dropped" in caplog.text


def test_kept_results_beyond_the_number_are_given_up_oldest_first():
    kept = [(result(f"r{number}"), 200.0 - number) for number in range(102)]

    table = restarted(*kept)
    table.write()

    assert list(table.disk) == [f"r{number}" for number in range(2, 102)]


def test_a_drained_worker_delivers_what_an_earlier_process_left():
    table = restarted((result("a"), 60.0))
    table.session.drain(table.now)

    assert table.open() == [result("a")]
    assert not table.session.drained(table.now)
    table.hear(ack("a"))

    assert table.session.drained(table.now)
