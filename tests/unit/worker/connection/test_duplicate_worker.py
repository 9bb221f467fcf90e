"""Two processes with one worker id: recognised, and nothing else taken for it."""

from spaces_worker._connection.duplicate_worker import DuplicateWorkerDetector


def suspicions(*ends):
    twins = DuplicateWorkerDetector()
    return [twins.is_duplicate(code, now) for code, now in ends]


def test_three_connections_that_are_closed_in_order_shortly_are_a_twin():
    assert suspicions((1000, 0), (1000, 100), (1000, 200)) == [False, False, True]


def test_it_stays_one_while_that_goes_on():
    assert suspicions(*[(1000, 60 * n) for n in range(5)])[2:] == [True] * 3


def test_connections_that_break_are_no_twin():
    assert not any(suspicions(*[(code, 1) for code in (1006, 1001, None, 1000, 1011, 1000)]))


def test_seldom_ends_are_no_twin():
    assert not any(suspicions((1000, 0), (1000, 500), (1000, 601), (1000, 1200)))
