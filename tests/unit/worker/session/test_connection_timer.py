"""When a link is renewed, and how its last words are heard."""

import math
from datetime import UTC, datetime, timedelta

import pytest

from spaces_protocol.codec import encode
from spaces_protocol.gateway_messages import Offered
from spaces_protocol.worker_messages import InFlight, Progress, Register
from spaces_worker._session.piece import Piece
from spaces_worker._session.progress import ProgressPoint
from spaces_worker._session.session import Session
from tests.unit.worker.support.session_harness import (
    DEADLINE,
    SessionHarness,
    ack,
    error,
    registered,
    request,
    result,
)

HOUR = 3600.0


def in_seconds(seconds):
    return DEADLINE + timedelta(seconds=seconds)


def test_a_connection_is_not_renewed_before_the_gateway_said_when(harness):
    harness.open()

    assert harness.session.renew_at == math.inf


@pytest.mark.parametrize(("jitter", "at"), [(0.0, 3600), (1.0, 3240)])
def test_a_connection_is_renewed_a_little_before_the_time_the_gateway_gave(jitter, at):
    harness = SessionHarness(random_unit=lambda: jitter)
    harness.connected(renew_before=in_seconds(HOUR))

    assert harness.session.renew_at == harness.now + at


@pytest.mark.parametrize("seconds", [-600, 0, 24 * HOUR])
def test_a_wrong_clock_of_this_machine_does_not_renew_in_a_loop_or_too_late(seconds):
    harness = SessionHarness(random_unit=lambda: 0.0)
    harness.connected(renew_before=in_seconds(seconds))

    assert harness.session.renew_at == harness.now + 110 * 60


def test_the_time_of_day_is_that_of_this_machine():
    session = Session(spaces=["a"], session_id="s", random_unit=lambda: 0.0)
    session.opened(0.0)

    session.received(encode(registered(renew_before=datetime.now(UTC) + timedelta(hours=1))), 0.0)

    assert 3590 < session.renew_at <= 3600


def test_the_time_of_a_connection_is_fixed_by_its_first_answer(harness):
    harness.connected(renew_before=in_seconds(HOUR))
    renew_at = harness.session.renew_at

    harness.now += 60
    harness.hear(registered(renew_before=in_seconds(HOUR)))

    assert harness.session.renew_at == renew_at


def test_the_successor_of_a_connection_says_what_is_held_and_repeats_what_may_be_lost(connected):
    connected.hear(request("a"), request("b"))
    runs = connected.started()
    connected.session.progressed(runs["a"], ProgressPoint(percent=40), connected.now)
    connected.session.streamed(runs["a"], Piece("Hel"), connected.now)
    connected.wait(1)
    connected.end(runs["a"], result("a"))
    runs = connected.started()
    connected.session.streamed(runs["b"], Piece("Bon"), connected.now)
    connected.wait(1)

    opening = connected.open()
    after = connected.hear(registered())

    assert opening[0] == Register(
        spaces=["translate"],
        session="s1",
        capacity=1,
        in_flight=[InFlight(request_id="b", attempt=1), InFlight(request_id="a", attempt=1)],
    )
    assert [each.chunk.text for each in opening[1:] if isinstance(each, Progress)] == ["Bon"]
    assert after == [result("a")]


def test_what_was_not_sent_on_the_former_connection_is_not_sent_twice(connected):
    connected.hear(request("a"))
    connected.session.ended(connected.started()["a"], result("a"), connected.now)
    connected.write()

    opening = connected.open()

    assert [type(each) for each in opening] == [Register]


def test_requests_acks_and_cancels_of_the_former_connection_count(connected):
    connected.hear(request("a"))
    connected.end(connected.started()["a"], result("a"))
    connected.open()

    connected.session.received(_text(ack("a", following=request("b"))), connected.now, former=True)

    assert connected.session.unacknowledged == 0
    assert list(connected.started()) == ["b"]


@pytest.mark.parametrize(
    "message",
    [registered(), error("request_not_found", "a"), Offered(space="x", order=1, waiting=0)],
    ids=["registered", "error", "offered"],
)
def test_other_answers_of_the_former_connection_do_not(connected, message):
    connected.hear(request("a"))
    connected.end(connected.started()["a"], result("a"))
    connected.open()

    connected.session.received(_text(message), connected.now, former=True)

    assert connected.session.renew_at == math.inf
    assert not list(connected.session.held)
    assert connected.session.unacknowledged == 1
    assert [type(each) for each in connected.wait(6)] == [Register]


def _text(message):
    return encode(message)
