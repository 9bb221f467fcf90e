"""The disk beside the event loop: in order, and never in the way."""

import asyncio
import threading

import pytest

from spaces_protocol.worker_messages import Output, Result
from spaces_worker._session.effects import DeleteResult, SaveResult
from spaces_worker._storage.result_store import ResultStore, StoredResult
from spaces_worker._storage.result_writer import ResultWriter


def result(name="a"):
    return Result(request_id=name, attempt=1, status="completed", output=Output(text="Hi"))


class Disk:
    """A disk that fails or hangs as the test tells it."""

    def __init__(self):
        self.folder = "/somewhere"
        self.effects = []
        self.error = None
        self.hangs = threading.Event()
        self.hangs.set()

    def apply(self, effect):
        self.hangs.wait()
        if self.error is not None:
            raise self.error
        self.effects.append(effect)

    def load(self):
        self.hangs.wait()
        if self.error is not None:
            raise self.error
        return [StoredResult(result(), 1.0)]

    def remove_if_empty(self):
        self.effects.append("leave")


@pytest.fixture
def disk():
    disk = Disk()
    yield disk
    disk.hangs.set()


@pytest.fixture
async def start():
    running = []

    def start(store, **options):
        kept = []
        writer = ResultWriter(store, on_saved=kept.append, **options)
        running.append(asyncio.create_task(writer.run()))
        return writer, kept

    yield start
    for each in running:
        each.cancel()
    await asyncio.gather(*running, return_exceptions=True)


async def test_effects_are_carried_out_in_turn_and_each_kept_result_is_told(disk, start):
    writer, kept = start(disk)
    effects = [SaveResult(result("a")), DeleteResult("a"), SaveResult(result("b"))]
    for effect in effects:
        writer.execute(effect)
    await writer.close(5)

    assert disk.effects == [*effects, "leave"]
    assert kept == [result("a"), result("b")]
    assert writer.folder == "/somewhere"


async def test_the_event_loop_goes_on_while_the_disk_is_busy(disk, start):
    disk.hangs.clear()
    writer, kept = start(disk)
    writer.execute(SaveResult(result()))

    for _ in range(100):
        await asyncio.sleep(0)
    assert kept == []
    disk.hangs.set()
    await writer.close(5)

    assert kept == [result()]


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), RuntimeError("can't start new thread")]
)
async def test_a_disk_that_fails_is_told_of_once_and_results_go_on_without_it(
    disk, start, caplog, error
):
    disk.error = error
    writer, kept = start(disk)

    assert await writer.load() == []
    for name in "abc":
        writer.execute(SaveResult(result(name)))
    writer.execute(DeleteResult("a"))
    await writer.close(5)

    assert kept == [result(name) for name in "abc"]
    assert caplog.text.count("Results cannot be saved in /somewhere") == 1
    assert str(error) in caplog.text
    assert writer.folder is None


async def test_a_disk_that_works_again_is_used_again(disk, start, caplog):
    caplog.set_level("INFO")
    writer, _ = start(disk)
    for error, name in [(OSError("full"), "a"), (None, "b"), (None, "c")]:
        disk.error = error
        writer.execute(SaveResult(result(name)))
        await writer._effects.join()

    assert disk.effects == [SaveResult(result("b")), SaveResult(result("c"))]
    assert caplog.text.count("can be saved in /somewhere again") == 1
    assert writer.folder == "/somewhere"


async def test_a_successful_removal_does_not_make_a_full_disk_good(disk, start, caplog):
    writer, _ = start(disk)
    for error, effect in [
        (OSError("full"), SaveResult(result("a"))),
        (None, DeleteResult("a")),
        (OSError("full"), SaveResult(result("b"))),
    ]:
        disk.error = error
        writer.execute(effect)
        await writer._effects.join()

    assert caplog.text.count("cannot be saved") == 1


async def test_a_disk_that_hangs_is_waited_for_once_only(disk, start, caplog):
    disk.hangs.clear()
    writer, kept = start(disk, timeout=0.01)

    for name in "abc":
        writer.execute(SaveResult(result(name)))
    await writer._effects.join()

    assert kept == [result(name) for name in "abc"]
    assert caplog.text.count("no response within 0.01 s") == 1
    assert await writer.load() == []
    assert disk.effects == []


async def test_a_disk_that_answers_again_is_used_again(disk, start, caplog):
    caplog.set_level("INFO")
    disk.hangs.clear()
    writer, _ = start(disk, timeout=0.3)
    writer.execute(SaveResult(result("a")))
    await writer._effects.join()

    disk.hangs.set()
    writer._returned.wait()
    writer.execute(SaveResult(result("b")))
    await writer._effects.join()

    assert disk.effects == [SaveResult(result("a")), SaveResult(result("b"))]
    assert "can be saved in /somewhere again" in caplog.text


async def test_the_end_does_not_wait_long_for_a_disk_that_hangs(disk, start):
    disk.hangs.clear()
    writer, kept = start(disk)
    writer.execute(SaveResult(result()))

    await writer.close(0.01)

    assert kept == []


async def test_what_an_earlier_process_left_is_loaded(tmp_path, start):
    ResultStore(tmp_path / "x").apply(SaveResult(result()))
    writer, _ = start(ResultStore(tmp_path / "x"))

    assert [kept.result for kept in await writer.load()] == [result()]


async def test_a_place_that_cannot_be_a_folder_is_told_of(tmp_path, start, caplog):
    (tmp_path / "file").touch()
    writer, kept = start(ResultStore(tmp_path / "file" / "results"))
    writer.execute(SaveResult(result()))
    await writer.close(5)

    assert kept == [result()]
    assert "Results cannot be saved" in caplog.text
