"""Two processes with one worker id: recognised, and nothing else taken for it."""

from spaces_worker._connection.duplicate_worker import DuplicateWorkerDetector


def suspicions(*ends):
    """Return the verdict on each end: its code, its time and, unless it is 1 s, its life."""
    twins = DuplicateWorkerDetector()
    return [twins.is_duplicate(code, lived[0] if lived else 1, now) for code, now, *lived in ends]


def test_three_connections_that_are_closed_in_order_shortly_are_a_twin():
    assert suspicions((1000, 0), (1000, 100), (1000, 200)) == [False, False, True]


def test_it_stays_one_while_that_goes_on():
    assert suspicions(*[(1000, 60 * n, 59) for n in range(5)])[2:] == [True] * 3


def test_connections_that_break_are_no_twin():
    assert not any(suspicions(*[(code, 1) for code in (1006, 1001, None, 1000, 1011, 1000)]))


def test_seldom_ends_are_no_twin():
    assert not any(suspicions((1000, 0), (1000, 500), (1000, 601), (1000, 1200)))


def test_a_gateway_that_stops_some_minutes_after_two_evictions_is_no_twin():
    for minutes in range(1, 7):
        stopped = (1000, 10 + 60 * minutes, 60 * minutes)
        assert not any(suspicions((1000, 0), (1000, 9), stopped))


def test_a_stable_connection_ends_the_suspicion_however_it_ends():
    for code in (1000, 1006, None):
        ends = (1000, 0), (1000, 1), (code, 70, 60), (1000, 80), (1000, 90)
        assert not any(suspicions(*ends))
