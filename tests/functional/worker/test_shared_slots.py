"""Several spaces, one limit; links that are renewed under load: against a gateway that queues."""

import asyncio
import collections

import pytest

from spaces_worker import RequestContext, Worker
from tests.functional.worker.conftest import TOKEN
from tests.functional.worker.queueing_gateway import QueueingGateway

pytestmark = pytest.mark.timeout(60)


class Work:
    """What ran: in which order, and how much at once."""

    def __init__(self, seconds=0.005):
        self.order = collections.defaultdict(list)
        self.most = 0
        self.most_of = collections.Counter()
        self._running = collections.Counter()
        self._seconds = seconds

    async def __call__(self, context: RequestContext):
        space = context.space
        self.order[space].append(int(context.prompt))
        self._running[space] += 1
        self.most = max(self.most, self._running.total())
        self.most_of[space] = max(self.most_of[space], self._running[space])
        await asyncio.sleep(self._seconds * (1 + int(context.prompt) % 4))
        self._running[space] -= 1
        return context.prompt

    @property
    def runs(self):
        return sum(map(len, self.order.values()))


async def until(condition):
    while not condition():  # noqa: ASYNC110 - another task does it
        await asyncio.sleep(0.005)


async def served(gateway, tmp_path, work, spaces, *, concurrency, caps=None):
    """Run a worker until everything is answered."""
    await gateway.start()
    total = gateway.expected or sum(map(len, gateway.queues.values()))
    worker = Worker(
        url=gateway.url,
        token=TOKEN,
        worker_id="atlas",
        concurrency=concurrency,
        state_dir=tmp_path,
        reconnect_delay=lambda end: 0.02,
    )
    for space in spaces:
        worker.space(space, concurrency=(caps or {}).get(space))(work)
    task = asyncio.create_task(worker.serve())
    await until(lambda: task.done() or len(gateway.results) >= total)
    worker.stop()
    await task
    await gateway.die()
    assert len(gateway.results) == total


async def test_three_spaces_share_two_slots_in_order(tmp_path):
    gateway, work = QueueingGateway(), Work()
    for space in ("a", "b", "c"):
        gateway.submit(space, range(1, 21))

    await served(gateway, tmp_path, work, "abc", concurrency=2)

    assert work.most == 2
    assert dict(work.order) == {space: list(range(1, 21)) for space in "abc"}


async def test_no_space_is_left_behind(tmp_path):
    gateway, work = QueueingGateway(), Work()
    gateway.submit("a", range(1, 61))
    gateway.submit("b", range(1, 6))
    gateway.submit("c", range(1, 6))
    ended = []
    work_of_b = work

    class Noting(Work):
        async def __call__(self, context):
            answer = await work_of_b(context)
            ended.append(context.space)
            return answer

    await served(gateway, tmp_path, Noting(), "abc", concurrency=2)

    # Turn by turn, each of b and c has had its five when a has had little more.
    last = max(number for number, space in enumerate(ended) if space in "bc")
    assert last < 25


async def test_an_idle_space_does_not_cost_the_busy_one_its_slots(tmp_path):
    gateway, work = QueueingGateway(), Work()
    gateway.submit("a", range(1, 41))

    await served(gateway, tmp_path, work, "abc", concurrency=2)

    assert work.most == 2
    assert (gateway.declined, gateway.offers) == (0, 0)


async def test_a_space_may_have_a_limit_of_its_own(tmp_path):
    gateway, work = QueueingGateway(), Work()
    gateway.submit("a", range(1, 21))
    gateway.submit("b", range(1, 21))

    await served(gateway, tmp_path, work, "ab", concurrency=4, caps={"a": 1})

    assert work.most_of["a"] == 1
    assert work.most <= 4
    assert work.order["a"] == list(range(1, 21))


@pytest.mark.parametrize("spaces", ["a", "abc"])
async def test_a_request_that_came_early_starts_when_a_slot_is_free(tmp_path, spaces):
    gateway, work = QueueingGateway(prefetch=1), Work()
    for space in spaces:
        gateway.submit(space, range(1, 21))

    await served(gateway, tmp_path, work, spaces, concurrency=1)

    assert work.most == 1
    assert dict(work.order) == {space: list(range(1, 21)) for space in spaces}


@pytest.mark.parametrize("abrupt", [False, True], ids=["closed", "cut off"])
async def test_two_hundred_requests_outlive_twenty_renewals(tmp_path, abrupt, caplog):
    caplog.set_level("WARNING", logger="spaces_worker")
    gateway, work = QueueingGateway(renew_after=0.12, abrupt=abrupt), Work(seconds=0.03)
    gateway.submit("a", range(1, 101))
    gateway.submit("b", range(1, 101))

    await served(gateway, tmp_path, work, "ab", concurrency=4)

    assert len(gateway.headers) >= 20
    assert len(gateway.results) == 200
    assert work.runs == 200
    assert work.most <= 4
    assert caplog.text == ""


async def test_the_successor_of_a_connection_serves_on_after_the_old_one_is_gone(tmp_path):
    gateway, work = QueueingGateway(renew_after=0.1), Work()

    async def later():
        await until(lambda: len(gateway.headers) == 2)
        gateway.renew_after = 3600.0
        await gateway.links[0].wait_closed()
        await asyncio.sleep(0.3)  # until the worker has noticed it, too
        gateway.submit("a", range(1, 6))
        await gateway.serve()

    gateway.expected = 5
    task = asyncio.create_task(later())
    await served(gateway, tmp_path, work, "a", concurrency=1)
    await task

    assert work.order["a"] == list(range(1, 6))
    assert len(gateway.headers) <= 3
