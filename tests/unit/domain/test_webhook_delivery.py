"""How often a webhook is tried, and when."""

import pytest

from spaces.domain.timing import SECOND
from spaces.domain.webhook_delivery import (
    HOUR,
    MAX_RETRY_AFTER,
    MINUTE,
    TRY_LASTS,
    Delivery,
    Outcome,
)

NOW = 1_800_000_000_000


def tried(delivery: Delivery, outcome: Outcome, now: int = NOW) -> Delivery:
    return delivery.begin(now).after(outcome, now)


def test_ten_tries_follow_the_schedule_of_the_standard() -> None:
    delivery, waits = Delivery(), []

    while delivery.state == "pending":
        delivery = tried(delivery, Outcome(status=500))
        waits.append(None if delivery.next_at is None else delivery.next_at - NOW)

    assert delivery.state == "failed"
    assert delivery.tries == 10
    assert waits == [
        *(5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR),
        *(10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR, None),
    ]


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_any_2xx_ends_it(status: int) -> None:
    delivery = tried(Delivery(), Outcome(status=status))

    assert (delivery.state, delivery.ended_at, delivery.next_at) == ("delivered", NOW, None)


def test_410_ends_it() -> None:
    delivery = tried(Delivery(), Outcome(status=410))

    assert (delivery.state, delivery.ended_at, delivery.next_at) == ("gone", NOW, None)


@pytest.mark.parametrize("status", [301, 307, 400, 404, 429, 503, None])
def test_everything_else_is_tried_again(status: int | None) -> None:
    assert tried(Delivery(), Outcome(status=status)).state == "pending"


def test_a_longer_retry_after_is_obeyed_and_a_shorter_one_is_not() -> None:
    longer = tried(Delivery(), Outcome(status=429, retry_after=90 * SECOND))
    shorter = tried(Delivery(tries=1), Outcome(status=503, retry_after=SECOND))
    endless = tried(Delivery(), Outcome(status=503, retry_after=10**12))

    assert longer.next_at == NOW + 90 * SECOND
    assert shorter.next_at == NOW + 5 * MINUTE
    assert endless.next_at == NOW + MAX_RETRY_AFTER


def test_a_try_keeps_others_away_until_it_has_surely_ended() -> None:
    begun = Delivery().begin(NOW)

    assert not begun.is_due(NOW + TRY_LASTS - 1)
    assert begun.is_due(NOW + TRY_LASTS)


def test_no_try_begins_before_it_is_due_or_after_the_end() -> None:
    waiting = tried(Delivery(), Outcome(status=500))

    assert not waiting.is_due(NOW + 5 * SECOND - 1)
    assert waiting.is_due(NOW + 5 * SECOND)
    assert not tried(Delivery(), Outcome(status=200)).is_due(NOW + 100 * HOUR)


def test_a_long_error_is_cut() -> None:
    delivery = tried(Delivery(), Outcome(error="x" * 10_000))

    assert delivery.error is not None
    assert len(delivery.error) == 200
