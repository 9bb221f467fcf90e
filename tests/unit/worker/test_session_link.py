"""Registering, staying linked, and leaving."""

import logging
import math

import pytest

from spaces_protocol.gateway_messages import Check, DrainCommand, Notice
from spaces_protocol.worker_messages import Decline, Drain, InFlight, Ping, Register
from tests.unit.worker.conftest import Table, ack, error, registered, request, result

REJECTED = {"space": "chat", "reason": "duplicate_connection", "detail": "Another is linked."}


def test_a_new_link_begins_with_register(table):
    (message,) = table.open()

    assert message == Register(spaces=["translate"], session="s1", capacity=1)


def test_register_is_repeated_with_the_same_session_until_it_is_answered(table):
    table.open()

    repeated = table.wait(60)
    table.hear(registered())

    assert {type(message) for message in repeated} == {Register}
    assert {message.session for message in repeated} == {"s1"}
    assert 3 <= len(repeated) <= 6
    assert table.wait(150) == []


def test_first_repetition_comes_after_five_seconds(table):
    table.open()

    assert table.wait(4.9) == []
    assert len(table.wait(0.1)) == 1


def test_check_is_answered_with_register_at_once_and_lists_what_is_held(linked):
    linked.hear(request("a"), request("b"))
    runs = linked.started()
    linked.end(runs["a"], result("a"))

    (message,) = linked.hear(Check())

    assert message.in_flight == [
        InFlight(request_id="b", attempt=1),
        InFlight(request_id="a", attempt=1),
    ]


def test_a_new_link_registers_again_with_what_is_held(linked):
    linked.hear(request("a", attempt=2))
    linked.session.lost()

    (message,) = linked.open()

    assert message.in_flight == [InFlight(request_id="a", attempt=2)]


def test_messages_for_a_lost_link_are_not_sent_on_the_next(table):
    table.session.opened(table.now)
    table.session.lost()

    assert table.sent() == []


@pytest.mark.parametrize(
    ("retry_after", "earliest", "latest"),
    [(20.0, 20, 30), (0.0, 1, 1.5), (None, 300, 450)],
)
def test_a_rejected_space_is_asked_for_again_politely(table, retry_after, earliest, latest):
    table.linked(rejected=[{**REJECTED, "retry_after_seconds": retry_after}], ping=10_000)

    early = table.wait(earliest - 0.01)
    late = table.wait(latest - earliest + 0.01)

    assert early == []
    assert {type(message) for message in late} == {Register}


def test_the_other_spaces_are_served_while_one_is_rejected(table):
    table.linked(rejected=[{**REJECTED, "retry_after_seconds": 20.0}])

    table.hear(request("a"))

    assert list(table.started()) == ["a"]


def test_the_same_rejection_is_told_to_the_operator_once(table, caplog):
    caplog.set_level(logging.INFO)
    answer = registered(rejected=[{**REJECTED, "retry_after_seconds": 20.0}])
    table.open()

    table.hear(answer, answer, answer)

    told = [record for record in caplog.records if "Another is linked." in record.message]
    assert len(told) == 1
    assert told[0].levelno == logging.WARNING


def test_ping_is_sent_only_after_silence(linked):
    assert linked.wait(179.9) == []
    assert linked.wait(0.1) == [Ping()]
    assert linked.wait(179.9) == []
    assert linked.wait(0.1) == [Ping()]


def test_any_message_postpones_the_ping(linked):
    linked.wait(170)
    linked.hear(Check())
    linked.hear(registered())

    assert linked.wait(175) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"action":"nonsense"}',
        '{"action":"request"}',
        (
            '{"action":"request","request_id":"a","space":"translate","attempt":1,"input":{},'
            '"deadline":"2030-01-01T00:00:00"}'
        ),
        (
            '{"action":"registered","accepted":[],"renew_before":"2030-01-01T00:00:00",'
            '"ping_seconds":180,"lease_seconds":30}'
        ),
        (
            '{"action":"registered","accepted":[{"space":"translate","timeout_seconds":1e300}],'
            '"renew_before":"2030-01-01T00:00:00Z","ping_seconds":180,"lease_seconds":30}'
        ),
        b"\xff\x00",
        "[" * 100_000,
    ],
)
def test_an_unreadable_message_is_logged_and_changes_nothing(linked, text, caplog):
    assert linked.hear(text) == []
    assert "Ignored a message" in caplog.text

    linked.hear(request("a"))
    assert list(linked.started()) == ["a"]


def test_not_registered_makes_it_register_but_not_in_a_loop(linked):
    first = linked.hear(error("not_registered", "a"))
    soon = linked.wait(5)
    linked.hear(registered())
    linked.hear(error("not_registered", "a"), error("not_registered", "a"))
    again = linked.wait(4.9)

    assert first == []
    assert [type(message) for message in soon] == [Register]
    assert again == []


def test_a_refused_registration_is_repeated_slowly(table, caplog):
    table.open()

    table.hear(error("unsupported_protocol"))

    assert table.wait(29.9) == []
    assert [type(message) for message in table.wait(0.1)] == [Register]
    assert "It is unsupported_protocol." in caplog.text


def test_an_error_about_nothing_special_is_logged(linked, caplog):
    linked.hear(error("internal_error"))

    assert "It is internal_error." in caplog.text
    assert linked.wait(100) == []


def test_a_notice_reaches_the_operator(linked, caplog):
    caplog.set_level(logging.INFO)

    linked.hear(Notice(text="Maintenance at noon."))

    assert "Maintenance at noon." in caplog.text


def test_without_a_link_nothing_is_due(table):
    assert table.session.wake_at() == math.inf
    table.session.tick(table.now)
    assert table.sent() == []


def test_drain_says_so_and_ends_when_nothing_is_held(linked):
    linked.session.drain(linked.now)
    linked.session.drain(linked.now)

    assert linked.sent() == [Drain()]
    assert linked.session.drained(linked.now)


def test_an_order_to_drain_is_obeyed(linked):
    assert linked.hear(DrainCommand()) == [Drain()]
    assert linked.session.drained(linked.now)


def test_a_draining_worker_finishes_what_it_holds_and_waits_for_its_ack(linked):
    linked.hear(request("a"))
    run = linked.started()["a"]
    linked.session.drain(linked.now)
    linked.wait(100)
    assert not linked.session.drained(linked.now)

    linked.end(run, result("a"))
    assert not linked.session.drained(linked.now)

    linked.hear(ack("a"))
    assert linked.session.drained(linked.now)


def test_a_draining_worker_does_not_wait_for_ever_for_an_ack(linked):
    linked.hear(request("a"))
    run = linked.started()["a"]
    linked.session.drain(linked.now)
    linked.end(run, result("a"))

    assert linked.session.wake_at() <= linked.now + 30
    linked.wait(30)

    assert linked.session.drained(linked.now)
    assert linked.session.unacknowledged == 1


def test_a_draining_worker_without_a_link_still_ends(linked):
    linked.hear(request("a"))
    run = linked.started()["a"]
    linked.session.drain(linked.now)
    linked.session.lost()
    linked.end(run, result("a"))

    assert linked.session.wake_at() == linked.now + 30


def test_a_draining_worker_that_links_again_says_so_again(linked):
    linked.hear(request("a"))
    linked.session.drain(linked.now)
    linked.session.lost()

    (again,) = linked.open()
    answered = linked.hear(registered())

    assert isinstance(again, Register)
    assert answered == [Drain()]


def test_a_draining_worker_with_only_answers_left_asks_for_no_place(linked):
    linked.hear(request("a"))
    run = linked.started()["a"]
    linked.session.drain(linked.now)
    linked.session.lost()
    linked.end(run, result("a"))

    (message,) = linked.open()

    assert message == result("a")


def test_a_stopping_worker_hands_back_what_it_holds(linked):
    linked.hear(request("a"), request("b", attempt=3))
    run = linked.started()["a"]

    linked.session.stop(linked.now)
    drain, *declines = linked.sent()

    assert drain == Drain()
    assert [(each.request_id, each.attempt) for each in declines] == [("a", 1), ("b", 3)]
    assert [each.slots.count for each in declines] == [0, 0]
    assert declines[0].slots.order < declines[1].slots.order
    assert linked.stopped() == [run]
    assert linked.end(run, result("a")) == []


def test_a_stopping_worker_says_drain_once(linked):
    linked.hear(request("a"))
    linked.session.drain(linked.now)
    linked.sent()

    linked.session.stop(linked.now)
    first = linked.sent()
    linked.session.stop(linked.now)

    assert [type(message) for message in first] == [Decline]
    assert linked.sent() == []


def test_what_comes_to_a_stopping_worker_goes_back_at_once(linked):
    linked.session.stop(linked.now)
    linked.sent()

    (decline,) = linked.hear(request("late"))

    assert (decline.request_id, decline.slots.count) == ("late", 0)
    assert linked.started() == {}


def test_a_stopping_worker_keeps_the_answers_that_it_has(linked):
    linked.hear(request("a"))
    linked.end(linked.started()["a"], result("a"))

    linked.session.stop(linked.now)

    assert linked.sent() == [Drain()]
    assert linked.session.unacknowledged == 1


def test_register_lists_no_more_than_the_gateway_reads():
    table = Table(capacity=64).linked()
    table.hear(*(request(f"r{number}") for number in range(250)))

    (message,) = table.hear(Check())

    assert len(message.in_flight) == 200


def test_a_worker_that_never_had_a_link_may_drain(table):
    table.session.drain(table.now)

    assert table.sent() == []
    assert table.session.drained(table.now)
