"""Waiting for a request: how soon its end is seen, how often it is looked at, what is settled."""

from collections.abc import Callable

import pytest

from spaces.domain.errors import Busy, RequestNotFound
from spaces.services.requests.wait_for_request import wait_for_request
from spaces.services.workers.commit_result import commit_result
from spaces_protocol.request_id import RequestId
from spaces_protocol.rest_bodies import RequestState
from tests.functional.gateway.world import START, answer_to


class Waiting:
    """Sleeps by moving the world's clock; things happen while it sleeps.

    Attributes:
        looks: when the request was read, in milliseconds since the start.
    """

    def __init__(self, world) -> None:
        self.world = world
        self.looks: list[int] = []
        self._later: list[tuple[int, Callable[[], None]]] = []
        self._read = world.gateway.requests.read
        world.gateway.requests.read = self._noted

    def _noted(self, *args, **options):
        if options.get("consistent") is False:
            self.looks.append(self.world.clock() - START)
        return self._read(*args, **options)

    def later(self, seconds: float, action: Callable[[], None]) -> None:
        self._later.append((self.world.clock() + round(seconds * 1000), action))

    def sleep(self, seconds: float) -> None:
        end = self.world.clock() + round(seconds * 1000)
        for due in sorted(self._later, key=lambda each: each[0]):
            if due[0] <= end:
                self._later.remove(due)
                self.world.clock.time = max(self.world.clock.time, due[0])
                due[1]()
        self.world.clock.time = max(self.world.clock.time, end)

    def wait(self, accepted, seconds: float):
        request_id = accepted.request.request_id
        return wait_for_request(self.world.gateway, request_id, seconds, sleep=self.sleep)

    @property
    def seconds(self) -> float:
        return (self.world.clock() - START) / 1000


@pytest.fixture
def waiting(world):
    return Waiting(world)


def answer(world, worker, text="done"):
    (request,) = world.handed(worker)
    commit_result(world.gateway, worker, answer_to(request, text))


@pytest.mark.parametrize(
    ("ends_after", "seen_within"), [(0.01, 0.05), (0.3, 0.08), (0.9, 0.25), (10.1, 0.5)]
)
def test_an_end_is_seen_soon(world, waiting, ends_after, seen_within):
    worker = world.join()
    accepted = world.submit()
    waiting.later(ends_after, lambda: answer(world, worker))
    before = world.clock()

    result = waiting.wait(accepted, 25)

    assert result.status is RequestState.COMPLETED
    assert result.output.text == "done"
    assert (world.clock() - before) / 1000 <= ends_after + seen_within


def test_a_request_that_has_ended_is_answered_at_once(world, waiting):
    worker = world.join()
    accepted = world.submit()
    answer(world, worker)
    before = world.clock()

    assert waiting.wait(accepted, 25).status is RequestState.COMPLETED
    assert world.clock() == before


def test_when_the_time_is_over_it_is_shown_as_it_stands(world, waiting):
    accepted = world.submit()

    result = waiting.wait(accepted, 3)

    assert result.status is RequestState.IN_QUEUE
    assert result.retry_after_ms is not None
    assert waiting.seconds == 3


def test_it_is_looked_at_twice_a_second_after_the_first(waiting, world):
    accepted = world.submit()

    waiting.wait(accepted, 25)

    assert len([look for look in waiting.looks if look <= 1000]) <= 16
    for second in range(1, 25):
        within = [look for look in waiting.looks if second * 1000 < look <= (second + 1) * 1000]
        assert len(within) <= 2
    assert len(waiting.looks) >= 40


def test_zero_seconds_are_a_poll(world, waiting):
    accepted = world.submit()

    assert waiting.wait(accepted, 0).status is RequestState.IN_QUEUE
    assert waiting.looks == []


def test_a_deadline_that_passes_is_settled_at_once(world, waiting):
    world.create_space("short", timeout=7_300)
    world.join("w1", "short")
    accepted = world.submit(space="short")
    before = world.clock()

    result = waiting.wait(accepted, 25)

    assert result.status is RequestState.TIMED_OUT
    assert world.clock() - before == 7_300


def test_the_deadline_of_a_start_in_between_is_settled_within_seconds(world, waiting):
    world.create_space("short", timeout=4_000)
    accepted = world.submit(space="short")
    waiting.later(2, lambda: world.join("w1", "short"))

    assert waiting.wait(accepted, 25).status is RequestState.TIMED_OUT
    assert waiting.seconds <= 2 + 4 + 5


def test_a_queue_timeout_is_settled_at_once(world, waiting):
    world.create_space("short", queue_timeout=6_000)
    accepted = world.submit(space="short")

    assert waiting.wait(accepted, 25).error_type == "queue_timed_out"
    assert waiting.seconds == 6


def test_a_wrong_id_is_not_waited_for(world, waiting):
    accepted = world.submit()
    wrong = RequestId("echo", accepted.request.ticket, "A" * 22)

    with pytest.raises(RequestNotFound):
        wait_for_request(world.gateway, wrong, 25, sleep=waiting.sleep)
    assert waiting.seconds == 0


def test_a_very_busy_space_does_not_end_the_wait(world, waiting):
    worker = world.join()
    accepted = world.submit()
    read = world.gateway.requests.read_with_queue

    def busy(request_id, *, consistent=False):
        if waiting.seconds < 8:
            raise Busy("The space is very busy.", retry_after_seconds=1)
        return read(request_id, consistent=consistent)

    world.gateway.requests.read_with_queue = busy
    waiting.later(9, lambda: answer(world, worker))

    assert waiting.wait(accepted, 25).status is RequestState.COMPLETED
