"""The disk beside the event loop: in order, and never in the way."""

import asyncio
import threading

import pytest

from spaces_protocol.worker_messages import Output, Result
from spaces_worker._session.effects import Forget, Keep
from spaces_worker._storage.result_store import KeptResult, ResultFiles
from spaces_worker._storage.result_writer import Filing


def result(name="a"):
    return Result(request_id=name, attempt=1, status="completed", output=Output(text="Hi"))


class Disk:
    """A disk that fails or hangs as the test tells it."""

    def __init__(self):
        self.folder = "/somewhere"
        self.orders = []
        self.error = None
        self.hangs = threading.Event()
        self.hangs.set()

    def carry_out(self, order):
        self.hangs.wait()
        if self.error is not None:
            raise self.error
        self.orders.append(order)

    def load(self):
        self.hangs.wait()
        if self.error is not None:
            raise self.error
        return [KeptResult(result(), 1.0)]

    def leave(self):
        self.orders.append("leave")


@pytest.fixture
def disk():
    disk = Disk()
    yield disk
    disk.hangs.set()


@pytest.fixture
async def start():
    running = []

    def start(files, **options):
        kept = []
        filing = Filing(files, on_kept=kept.append, **options)
        running.append(asyncio.create_task(filing.run()))
        return filing, kept

    yield start
    for each in running:
        each.cancel()
    await asyncio.gather(*running, return_exceptions=True)


async def test_orders_are_carried_out_in_turn_and_each_kept_result_is_told(disk, start):
    filing, kept = start(disk)
    orders = [Keep(result("a")), Forget("a"), Keep(result("b"))]
    for order in orders:
        filing.execute(order)
    await filing.close(5)

    assert disk.orders == [*orders, "leave"]
    assert kept == [result("a"), result("b")]
    assert filing.place == "/somewhere"


async def test_the_event_loop_goes_on_while_the_disk_is_busy(disk, start):
    disk.hangs.clear()
    filing, kept = start(disk)
    filing.execute(Keep(result()))

    for _ in range(100):
        await asyncio.sleep(0)
    assert kept == []
    disk.hangs.set()
    await filing.close(5)

    assert kept == [result()]


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), RuntimeError("can't start new thread")]
)
async def test_a_disk_that_fails_is_told_of_once_and_results_go_on_without_it(
    disk, start, caplog, error
):
    disk.error = error
    filing, kept = start(disk)

    assert await filing.load() == []
    for name in "abc":
        filing.execute(Keep(result(name)))
    filing.execute(Forget("a"))
    await filing.close(5)

    assert kept == [result(name) for name in "abc"]
    assert caplog.text.count("Answers cannot be kept in /somewhere") == 1
    assert str(error) in caplog.text
    assert filing.place is None


async def test_a_disk_that_works_again_is_used_again(disk, start, caplog):
    caplog.set_level("INFO")
    filing, _ = start(disk)
    for error, name in [(OSError("full"), "a"), (None, "b"), (None, "c")]:
        disk.error = error
        filing.execute(Keep(result(name)))
        await filing._orders.join()

    assert disk.orders == [Keep(result("b")), Keep(result("c"))]
    assert caplog.text.count("can be kept in /somewhere again") == 1
    assert filing.place == "/somewhere"


async def test_a_successful_removal_does_not_make_a_full_disk_good(disk, start, caplog):
    filing, _ = start(disk)
    for error, order in [
        (OSError("full"), Keep(result("a"))),
        (None, Forget("a")),
        (OSError("full"), Keep(result("b"))),
    ]:
        disk.error = error
        filing.execute(order)
        await filing._orders.join()

    assert caplog.text.count("cannot be kept") == 1


async def test_a_disk_that_hangs_is_waited_for_once_only(disk, start, caplog):
    disk.hangs.clear()
    filing, kept = start(disk, patience=0.01)

    for name in "abc":
        filing.execute(Keep(result(name)))
    await filing._orders.join()

    assert kept == [result(name) for name in "abc"]
    assert caplog.text.count("no answer within 0.01 s") == 1
    assert await filing.load() == []
    assert disk.orders == []


async def test_a_disk_that_answers_again_is_used_again(disk, start, caplog):
    caplog.set_level("INFO")
    disk.hangs.clear()
    filing, _ = start(disk, patience=0.3)
    filing.execute(Keep(result("a")))
    await filing._orders.join()

    disk.hangs.set()
    filing._returned.wait()
    filing.execute(Keep(result("b")))
    await filing._orders.join()

    assert disk.orders == [Keep(result("a")), Keep(result("b"))]
    assert "can be kept in /somewhere again" in caplog.text


async def test_the_end_does_not_wait_long_for_a_disk_that_hangs(disk, start):
    disk.hangs.clear()
    filing, kept = start(disk)
    filing.execute(Keep(result()))

    await filing.close(0.01)

    assert kept == []


async def test_what_an_earlier_process_left_is_loaded(tmp_path, start):
    ResultFiles(tmp_path / "x").carry_out(Keep(result()))
    filing, _ = start(ResultFiles(tmp_path / "x"))

    assert [kept.result for kept in await filing.load()] == [result()]


async def test_a_place_that_cannot_be_a_folder_is_told_of(tmp_path, start, caplog):
    (tmp_path / "file").touch()
    filing, kept = start(ResultFiles(tmp_path / "file" / "results"))
    filing.execute(Keep(result()))
    await filing.close(5)

    assert kept == [result()]
    assert "Answers cannot be kept" in caplog.text
