"""A connection may send a burst, then so many messages a second."""

from spaces.handlers.message_budget import MAX_CONNECTIONS, Budget, MessageBudget

NOW = 1_800_000_000_000


def count(messages, connection_id, tries, now):
    return sum(messages.allows(connection_id, now) for _ in range(tries))


def test_a_flood_is_cut_at_the_burst_and_refills_with_time():
    messages = MessageBudget(Budget(200, 100))

    assert count(messages, "a", 300, NOW) == 200
    assert count(messages, "a", 300, NOW + 500) == 50
    assert count(messages, "a", 300, NOW + 60_000) == 200


def test_connections_have_budgets_of_their_own():
    messages = MessageBudget(Budget(2, 1))

    assert [count(messages, name, 3, NOW) for name in ("a", "b")] == [2, 2]


def test_a_steady_worker_within_its_rate_is_never_refused():
    messages = MessageBudget(Budget(10, 0.2))

    assert all(messages.allows("a", NOW + 5_000 * n) for n in range(1_000))


def test_time_that_goes_back_gives_nothing():
    messages = MessageBudget(Budget(1, 1_000))
    messages.allows("a", NOW)

    assert not messages.allows("a", NOW - 5_000)


def test_only_so_many_connections_are_remembered():
    messages = MessageBudget(Budget(1, 0.001))
    for number in range(MAX_CONNECTIONS + 1):
        messages.allows(str(number), NOW)

    assert messages.allows("0", NOW)
    assert not messages.allows(str(MAX_CONNECTIONS), NOW)


def test_what_is_expensive_counts_as_many_messages():
    messages = MessageBudget(Budget(10, 1))
    assert messages.allows("a", NOW)

    messages.charge("a", 24)

    assert not messages.allows("a", NOW + 15_000)
    assert messages.allows("a", NOW + 17_000)
