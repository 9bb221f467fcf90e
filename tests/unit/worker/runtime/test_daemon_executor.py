"""The threads that the event loop may use."""

import asyncio
import threading

import pytest

from spaces_worker._runtime.daemon_executor import MAX_THREADS, DaemonThreadPoolExecutor


@pytest.fixture
async def pool():
    pool = DaemonThreadPoolExecutor()
    asyncio.get_running_loop().set_default_executor(pool)
    return pool


async def test_a_call_returns_or_raises_in_a_daemon_thread(pool):
    thread = await asyncio.to_thread(threading.current_thread)

    assert thread.daemon
    with pytest.raises(ZeroDivisionError):
        await asyncio.to_thread(lambda: 1 / 0)


async def test_many_calls_share_a_bounded_number_of_threads(pool):
    threads = set()

    def note(number):
        threads.add(threading.current_thread())
        return number

    calls = [asyncio.to_thread(note, number) for number in range(300)]

    assert await asyncio.gather(*calls) == list(range(300))
    assert len(threads) <= MAX_THREADS


async def test_a_cancelled_call_is_not_made(pool):
    release = threading.Event()
    made = []
    busy = [pool.submit(release.wait) for _ in range(MAX_THREADS)]
    call = pool.submit(made.append, 1)

    assert call.cancel()
    release.set()

    assert all(each.result() for each in busy)
    assert pool.submit(len, made).result() == 0
