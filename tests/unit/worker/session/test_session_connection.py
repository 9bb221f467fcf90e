"""Registering, staying connected, and leaving."""

import logging
import math

import pytest
from msgspec.structs import replace

from spaces_protocol.gateway_messages import Check, DrainCommand, Notice
from spaces_protocol.worker_messages import Decline, Drain, InFlight, Ping, Register
from tests.unit.worker.support.session_harness import (
    SessionHarness,
    ack,
    error,
    registered,
    request,
    result,
)

REJECTED = {"space": "chat", "reason": "duplicate_connection", "detail": "Another is connected."}


def test_a_new_connection_begins_with_register(harness):
    (message,) = harness.open()

    assert message == Register(spaces=["translate"], session="s1", capacity=1)


def test_register_is_repeated_with_the_same_session_until_it_is_answered(harness):
    harness.open()

    repeated = harness.wait(60)
    harness.hear(registered())

    assert {type(message) for message in repeated} == {Register}
    assert {message.session for message in repeated} == {"s1"}
    assert 3 <= len(repeated) <= 6
    assert harness.wait(150) == []


def test_first_repetition_comes_after_five_seconds(harness):
    harness.open()

    assert harness.wait(4.9) == []
    assert len(harness.wait(0.1)) == 1


def test_check_is_answered_with_register_at_once_and_lists_what_is_held(connected):
    connected.hear(request("a"), request("b"))
    runs = connected.started()
    connected.end(runs["a"], result("a"))

    (message,) = connected.hear(Check())

    assert message.in_flight == [
        InFlight(request_id="b", attempt=1),
        InFlight(request_id="a", attempt=1),
    ]


def test_a_new_connection_registers_again_with_what_is_held(connected):
    connected.hear(request("a", attempt=2))
    connected.session.lost()

    (message,) = connected.open()

    assert message.in_flight == [InFlight(request_id="a", attempt=2)]


def test_messages_for_a_lost_connection_are_not_sent_on_the_next(harness):
    harness.session.opened(harness.now)
    harness.session.lost()

    assert harness.sent() == []


@pytest.mark.parametrize(
    ("retry_after", "earliest", "latest"),
    [(20.0, 20, 30), (0.0, 1, 1.5), (None, 300, 450)],
)
def test_a_rejected_space_is_asked_for_again_politely(harness, retry_after, earliest, latest):
    harness.connected(rejected=[{**REJECTED, "retry_after_seconds": retry_after}], ping=10_000)

    early = harness.wait(earliest - 0.01)
    late = harness.wait(latest - earliest + 0.01)

    assert early == []
    assert {type(message) for message in late} == {Register}


def test_the_other_spaces_are_served_while_one_is_rejected(harness):
    harness.connected(rejected=[{**REJECTED, "retry_after_seconds": 20.0}])

    harness.hear(request("a"))

    assert list(harness.started()) == ["a"]


@pytest.mark.parametrize(
    ("page", "says"),
    [
        ("https://a.test/space.html?space=b", " Try it: https://a.test/space.html?space=b"),
        (None, ""),
    ],
)
def test_the_operator_is_told_where_a_space_is_used(harness, caplog, page, says):
    caplog.set_level(logging.INFO)
    harness.open()
    reply = registered()
    accepted = [replace(each, page_url=page) for each in reply.accepted]

    harness.hear(replace(reply, accepted=accepted))

    assert [record.message for record in caplog.records] == [f"Serving the space translate.{says}"]


def test_the_same_rejection_is_told_to_the_operator_once(harness, caplog):
    caplog.set_level(logging.INFO)
    answer = registered(rejected=[{**REJECTED, "retry_after_seconds": 20.0}])
    harness.open()

    harness.hear(answer, answer, answer)

    told = [record for record in caplog.records if "Another is connected." in record.message]
    assert len(told) == 1
    assert told[0].levelno == logging.WARNING


def test_ping_is_sent_only_after_silence(connected):
    assert connected.wait(179.9) == []
    assert connected.wait(0.1) == [Ping()]
    assert connected.wait(179.9) == []
    assert connected.wait(0.1) == [Ping()]


def test_any_message_postpones_the_ping(connected):
    connected.wait(170)
    connected.hear(Check())
    connected.hear(registered())

    assert connected.wait(175) == []


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
def test_an_unreadable_message_is_logged_and_changes_nothing(connected, text, caplog):
    assert connected.hear(text) == []
    assert "Ignored a message" in caplog.text

    connected.hear(request("a"))
    assert list(connected.started()) == ["a"]


def test_not_registered_makes_it_register_but_not_in_a_loop(connected):
    first = connected.hear(error("not_registered", "a"))
    soon = connected.wait(5)
    connected.hear(registered())
    connected.hear(error("not_registered", "a"), error("not_registered", "a"))
    again = connected.wait(4.9)

    assert first == []
    assert [type(message) for message in soon] == [Register]
    assert again == []


def test_a_refused_registration_is_repeated_slowly(harness, caplog):
    harness.open()

    harness.hear(error("unsupported_protocol"))

    assert harness.wait(29.9) == []
    assert [type(message) for message in harness.wait(0.1)] == [Register]
    assert "It is unsupported_protocol." in caplog.text


def test_an_error_about_nothing_special_is_logged(connected, caplog):
    connected.hear(error("internal_error"))

    assert "It is internal_error." in caplog.text
    assert connected.wait(100) == []


def test_a_notice_reaches_the_operator(connected, caplog):
    caplog.set_level(logging.INFO)

    connected.hear(Notice(text="Maintenance at noon."))

    assert "Maintenance at noon." in caplog.text


def test_without_a_connection_nothing_is_due(harness):
    assert harness.session.wake_at() == math.inf
    harness.session.tick(harness.now)
    assert harness.sent() == []


def test_drain_says_so_and_ends_when_nothing_is_held(connected):
    connected.session.drain(connected.now)
    connected.session.drain(connected.now)

    assert connected.sent() == [Drain()]
    assert connected.session.drained(connected.now)


def test_an_order_to_drain_is_obeyed(connected):
    assert connected.hear(DrainCommand()) == [Drain()]
    assert connected.session.drained(connected.now)


def test_a_draining_worker_finishes_what_it_holds_and_waits_for_its_ack(connected):
    connected.hear(request("a"))
    run = connected.started()["a"]
    connected.session.drain(connected.now)
    connected.wait(100)
    assert not connected.session.drained(connected.now)

    connected.end(run, result("a"))
    assert not connected.session.drained(connected.now)

    connected.hear(ack("a"))
    assert connected.session.drained(connected.now)


def test_a_draining_worker_does_not_wait_for_ever_for_an_ack(connected):
    connected.hear(request("a"))
    run = connected.started()["a"]
    connected.session.drain(connected.now)
    connected.end(run, result("a"))

    assert connected.session.wake_at() <= connected.now + 30
    connected.wait(30)

    assert connected.session.drained(connected.now)
    assert connected.session.unacknowledged == 1


def test_a_draining_worker_without_a_connection_still_ends(connected):
    connected.hear(request("a"))
    run = connected.started()["a"]
    connected.session.drain(connected.now)
    connected.session.lost()
    connected.end(run, result("a"))

    assert connected.session.wake_at() == connected.now + 30


def test_a_draining_worker_that_connections_again_says_so_again(connected):
    connected.hear(request("a"))
    connected.session.drain(connected.now)
    connected.session.lost()

    (again,) = connected.open()
    answered = connected.hear(registered())

    assert isinstance(again, Register)
    assert answered == [Drain()]


def test_a_draining_worker_with_only_answers_left_asks_for_no_place(connected):
    connected.hear(request("a"))
    run = connected.started()["a"]
    connected.session.drain(connected.now)
    connected.session.lost()
    connected.end(run, result("a"))

    (message,) = connected.open()

    assert message == result("a")


def test_a_stopping_worker_hands_back_what_it_holds(connected):
    connected.hear(request("a"), request("b", attempt=3))
    run = connected.started()["a"]

    connected.session.stop(connected.now)
    drain, *declines = connected.sent()

    assert drain == Drain()
    assert [(each.request_id, each.attempt) for each in declines] == [("a", 1), ("b", 3)]
    assert [each.slots.count for each in declines] == [0, 0]
    assert declines[0].slots.order < declines[1].slots.order
    assert connected.stopped() == [run]
    assert connected.end(run, result("a")) == []


def test_a_stopping_worker_says_drain_once(connected):
    connected.hear(request("a"))
    connected.session.drain(connected.now)
    connected.sent()

    connected.session.stop(connected.now)
    first = connected.sent()
    connected.session.stop(connected.now)

    assert [type(message) for message in first] == [Decline]
    assert connected.sent() == []


def test_what_comes_to_a_stopping_worker_goes_back_at_once(connected):
    connected.session.stop(connected.now)
    connected.sent()

    (decline,) = connected.hear(request("late"))

    assert (decline.request_id, decline.slots.count) == ("late", 0)
    assert connected.started() == {}


def test_a_stopping_worker_keeps_the_answers_that_it_has(connected):
    connected.hear(request("a"))
    connected.end(connected.started()["a"], result("a"))

    connected.session.stop(connected.now)

    assert connected.sent() == [Drain()]
    assert connected.session.unacknowledged == 1


def test_register_lists_no_more_than_the_gateway_reads():
    harness = SessionHarness(capacity=64).connected()
    harness.hear(*(request(f"r{number}") for number in range(250)))

    (message,) = harness.hear(Check())

    assert len(message.in_flight) == 200


def test_a_worker_that_never_had_a_connection_may_drain(harness):
    harness.session.drain(harness.now)

    assert harness.sent() == []
    assert harness.session.drained(harness.now)
