"""A function that blocks the event loop is found out."""

import asyncio
import threading
import time

import pytest

from spaces_protocol.worker_messages import Register, Result
from spaces_worker._runtime.loop_watchdog import watch_loop


@pytest.fixture(autouse=True)
def _hasty(monkeypatch):
    monkeypatch.setattr("spaces_worker._runtime.loop_watchdog.INTERVAL_SECONDS", 0.01)
    monkeypatch.setattr("spaces_worker._runtime.loop_watchdog.TIMEOUT_SECONDS", 0.02)


async def test_a_blocked_loop_is_told_once_with_space_and_place(caplog):
    told = threading.Event()

    def block():
        told.wait(5)
        time.sleep(0.05)

    with watch_loop(lambda: ["demo"]):
        caplog.handler.addFilter(lambda record: told.set() or True)
        block()
        await asyncio.sleep(0.05)

    (record,) = caplog.records
    assert "The async function of demo blocks the event loop" in record.message
    assert "test_loop_watchdog.py, line" in record.message
    assert "plain function" in record.message


async def test_a_loop_that_answers_is_left_alone(caplog, monkeypatch):
    monkeypatch.setattr("spaces_worker._runtime.loop_watchdog.TIMEOUT_SECONDS", 5)

    with watch_loop(lambda: ["demo"]):
        await asyncio.sleep(0.1)

    assert caplog.records == []


async def test_the_space_of_a_function_that_blocks_is_told(gateway, serving, caplog):
    async def function(_prompt):
        time.sleep(0.3)  # noqa: ASYNC251 - that is it
        return "late"

    await serving(function)
    await gateway.hear(Register)
    await gateway.hand_over("a")
    await gateway.hear(Result)

    assert "The async function of demo blocks the event loop" in caplog.text
