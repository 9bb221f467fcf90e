"""How long a worker waits before it dials again."""

import pytest

from spaces_worker import Backoff, LinkEnd


def failed(**more):
    return LinkEnd(reason="no", **more)


def test_waits_double_up_to_a_minute():
    backoff = Backoff(random_unit=lambda: 1.0)

    waits = [backoff(failed()) for _ in range(10)]

    assert waits == [0.5, 1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_jitter_is_full():
    assert Backoff(random_unit=lambda: 0.0)(failed()) == 0


def test_a_thousand_failures_do_not_overflow():
    backoff = Backoff(random_unit=lambda: 1.0)

    assert [backoff(failed()) for _ in range(2_000)][-1] == 60


@pytest.mark.parametrize(("lived", "wait"), [(9.9, 60), (10.0, 4), (59.9, 4), (60.0, 0.5)])
def test_the_longer_a_connection_lived_the_shorter_is_the_wait_after_it(lived, wait):
    backoff = Backoff(random_unit=lambda: 1.0)
    for _ in range(10):
        backoff(failed())

    assert backoff(failed(lived_seconds=lived)) == wait


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize(("unit", "wait"), [(0.0, 30), (1.0, 60)])
def test_a_refused_token_is_tried_again_slowly(status, unit, wait):
    backoff = Backoff(random_unit=lambda: unit)

    assert [backoff(failed(status=status)) for _ in range(3)] == [wait] * 3


def test_retry_after_of_the_gateway_is_respected():
    backoff = Backoff(random_unit=lambda: 0.5)

    assert backoff(failed(status=429, retry_after_seconds=20)) == 20.25


def test_retry_after_is_respected_with_a_refused_token_too():
    backoff = Backoff(random_unit=lambda: 0.5)

    assert backoff(failed(status=403, retry_after_seconds=300)) == 315


def test_a_retry_after_of_years_is_taken_for_a_mistake():
    backoff = Backoff(random_unit=lambda: 0.0)

    assert backoff(failed(status=503, retry_after_seconds=1e9)) == 3600


def test_a_twin_is_given_way_to():
    backoff = Backoff(random_unit=lambda: 0.0)

    assert backoff(failed(lived_seconds=100.0, replaced=True)) == 30
