"""Answers survive the worker's process, its link and its disk."""

import asyncio

import pytest

from spaces_protocol.worker_messages import InFlight, Register, Result
from spaces_worker import Ending
from tests.functional.worker.conftest import started

pytestmark = pytest.mark.timeout(60)

FUNCTION = """
import pathlib, time
from spaces_worker import Result, Usage

HERE = pathlib.Path(__file__).parent

def answer(prompt):
    with (HERE / "runs").open("a") as runs:
        runs.write(prompt + "\\n")
    while not (HERE / "go").exists():
        time.sleep(0.01)
    return Result(
        text="Grüße", data={"n": [1, 0.1]}, confidence=0.9, model="tiny",
        usage=Usage(input_tokens=3, output_tokens=1),
    )
"""


class Program:
    """A worker that notes its runs and answers once it may."""

    def __init__(self, folder, command):
        self.function = folder / "program.py"
        self.function.write_text(FUNCTION, encoding="utf-8")
        self._folder = folder
        self._command = command

    async def start(self):
        return await self._command(
            "run", "--json", "--function", f"{self.function}:answer", "--worker-id", "atlas"
        )

    def go(self):
        (self._folder / "go").touch()

    def runs(self):
        return (self._folder / "runs").read_text().splitlines()

    def files(self):
        """Return the answers on disk; one that is still being written is none yet."""
        return list((self._folder / "state" / "results").rglob("*.json"))

    async def until_files(self, number):
        while len(self.files()) != number:  # noqa: ASYNC110 - another process does it
            await asyncio.sleep(0.01)


@pytest.fixture
def program(tmp_path, command):
    return Program(tmp_path, command)


async def killed(process):
    process.kill()
    await process.wait()


async def test_an_answer_outlives_kill_9_before_its_ack_and_its_request_runs_once(gateway, program):
    gateway.acknowledges = False
    program.go()
    process = await program.start()
    first_life = await gateway.hear(Register)
    await gateway.hand_over("a", prompt="once")
    produced = await gateway.hear(Result)
    await killed(process)

    gateway.acknowledges = True
    await program.start()
    second_life = await gateway.hear(Register)
    again = await gateway.hear(Result)
    await program.until_files(0)
    await gateway.hand_over("a", prompt="once", attempt=2)
    at_new_attempt = await gateway.hear(Result)

    assert second_life.session != first_life.session
    assert second_life.in_flight == [InFlight(request_id="a", attempt=1)]
    assert again == produced
    assert (again.output.text, again.output.data) == ("Grüße", {"n": [1, 0.1]})
    assert (at_new_attempt.attempt, at_new_attempt.output) == (2, produced.output)
    assert program.runs() == ["once"]


async def test_an_answer_that_was_never_sent_outlives_kill_9(gateway, program):
    process = await program.start()
    await gateway.hear(Register)
    await gateway.hand_over("a", prompt="once")
    await started(process)
    await gateway.die()
    program.go()
    await program.until_files(1)
    await killed(process)

    await gateway.start()
    restarted = await program.start()
    await gateway.hear(Register)
    answer = await gateway.hear(Result)
    restarted.terminate()

    assert (answer.output.text, answer.attempt) == ("Grüße", 1)
    assert program.runs() == ["once"]
    assert await restarted.wait() == 0
    assert program.files() == []


async def test_an_answer_that_came_too_late_is_dropped_with_a_word(gateway, serving, caplog):
    caplog.set_level("INFO")
    gateway.acknowledges = False
    worker = await serving(str)
    await gateway.hear(Register)
    await gateway.hand_over("a")
    await gateway.hear(Result)
    worker.stop()
    await worker.task

    gateway.acknowledges, gateway.verdict = True, "superseded"
    restarted = await serving(str)
    await gateway.hear(Result)
    restarted.drain()

    assert await restarted.task is Ending.DRAINED
    assert "The next start sends them" in caplog.text
    assert "Unsent results from an earlier run: 1." in caplog.text
    assert "Request a: already ended without this result." in caplog.text


async def test_nothing_is_left_on_disk_of_what_was_delivered(gateway, serving, tmp_path):
    worker = await serving(str)
    await gateway.hear(Register)
    for number in range(5):
        await gateway.hand_over(f"r{number}")
    for _ in range(5):
        await gateway.hear(Result)
    worker.drain()
    await worker.task

    assert list((tmp_path / "state" / "results").iterdir()) == []


async def test_a_worker_with_another_id_does_not_send_the_answers_of_this_one(gateway, serving):
    gateway.acknowledges = False
    worker = await serving(str)
    await gateway.hear(Register)
    await gateway.hand_over("a")
    await gateway.hear(Result)
    worker.stop()
    await worker.task

    await serving(str, worker_id="other")
    register = await gateway.hear(Register)
    await gateway.hand_over("b")

    assert register.in_flight == []
    assert (await gateway.hear(Result)).request_id == "b"


async def test_a_disk_without_room_does_not_stop_the_service(gateway, serving, tmp_path, caplog):
    (tmp_path / "file").touch()
    worker = await serving(str, state_dir=tmp_path / "file" / "state")
    await gateway.hear(Register)
    for number in range(3):
        await gateway.hand_over(f"r{number}")

    answers = [(await gateway.hear(Result)).request_id for _ in range(3)]
    worker.drain()

    assert answers == ["r0", "r1", "r2"]
    assert await worker.task is Ending.DRAINED
    assert caplog.text.count("Results cannot be saved") == 1


async def test_an_unreadable_file_does_not_stop_the_service(gateway, serving, tmp_path, caplog):
    gateway.acknowledges = False
    worker = await serving(str)
    await gateway.hear(Register)
    await gateway.hand_over("a")
    await gateway.hear(Result)
    worker.stop()
    await worker.task
    (path,) = (tmp_path / "state" / "results").rglob("*.json")
    path.write_bytes(path.read_bytes()[:50])

    await serving(str)
    await gateway.hear(Register)
    await gateway.hand_over("a")

    assert (await gateway.hear(Result)).output.text == "Hello"
    assert "is set aside" in caplog.text
    assert path.with_suffix(".unreadable").exists()
