"""Readers of a stream that are slow, or gone: what they can hold."""

import socket
import time
from contextlib import contextmanager

import httpx
import pytest

from tests.functional.stream_front.conftest import function_in, served

SMALL = 16 * 1024
MOST_HELD = 16_000_000
"""Bytes between the function and a reader: buffers of two sockets, which the system sizes."""
PIECE, WHOLE = 100_000, 50_000_000


@contextmanager
def slow_reader(front, path):
    """Begin to read a response through a small buffer."""
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
        line.settimeout(10)
        line.connect((front.base_url.host, front.base_url.port))
        line.sendall(b"GET %b HTTP/1.1\r\nHost: x\r\n\r\n" % path.encode())
        assert line.recv(1024).startswith(b"HTTP/1.1 200")
        yield line


def made_at_rest(folder):
    """Return how many bytes the function has made, once it makes no more."""
    made = folder / "made"
    until(lambda: made.exists() and made.stat().st_size)
    before, now = 0, made.stat().st_size
    while before != now:
        time.sleep(0.5)
        before, now = now, made.stat().st_size
    return now * PIECE


def until(condition):
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.fixture
def only(folder):
    """A front with a single process."""
    with served(function_in(folder), most=1) as client:
        yield client


def test_a_slow_reader_holds_the_function_back_and_nothing_piles_up(front, folder):
    with slow_reader(front, "/much") as line:
        read = 0
        for _ in range(10):
            read += len(line.recv(1024))
        assert 0 < made_at_rest(folder) < read + MOST_HELD < WHOLE
        assert not (folder / "done").exists()


def test_a_function_that_was_held_back_runs_on_once_its_reader_has_gone(only, folder):
    with slow_reader(only, "/much"):
        held = made_at_rest(folder)
    until((folder / "done").exists)

    assert held < MOST_HELD
    until(lambda: only.get("/echo").status_code == httpx.codes.OK)


def test_a_reader_that_stops_reading_holds_a_function_no_longer_than_its_time(folder):
    with served(function_in(folder, seconds=2), most=1) as front, slow_reader(front, "/much"):
        assert made_at_rest(folder) < MOST_HELD
        until(lambda: front.get("/echo").status_code == httpx.codes.OK)

    assert not (folder / "done").exists()
