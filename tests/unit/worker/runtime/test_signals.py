"""Which signals a worker takes, on each system and whatever was set before it."""

import asyncio
import os
import signal

import pytest

from spaces_worker._runtime.signals import on_signals
from tests.usual_signals import usual_signals


@pytest.fixture(autouse=True)
def former():
    """Put the handlers and the mask of this process back."""
    names = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGPIPE")
    handlers = {name: signal.getsignal(getattr(signal, name)) for name in names}
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, [])
    with usual_signals():
        yield
    for name, handler in handlers.items():
        signal.signal(getattr(signal, name), handler)
    signal.pthread_sigmask(signal.SIG_SETMASK, mask)


class Heard(list):
    """What a worker was asked to do."""

    def first(self):
        self.append("drain")

    def further(self):
        self.append("stop")

    async def after(self, *numbers):
        """Return what the signals lead to, each sent once the one before was handled."""
        for number in numbers:
            os.kill(os.getpid(), number)
            await asyncio.sleep(0.02)
        return list(self)


SENT = {
    "INT": ([signal.SIGINT], ["drain"]),
    "TERM": ([signal.SIGTERM], ["drain"]),
    "HUP": ([signal.SIGHUP], ["drain"]),
    "HUP HUP": ([signal.SIGHUP, signal.SIGHUP], ["drain"]),
    "INT HUP": ([signal.SIGINT, signal.SIGHUP], ["drain"]),
    "HUP INT": ([signal.SIGHUP, signal.SIGINT], ["drain", "stop"]),
    "TERM TERM TERM": ([signal.SIGTERM] * 3, ["drain", "stop", "stop"]),
    "QUIT": ([signal.SIGQUIT], ["stop"]),
    "TERM QUIT": ([signal.SIGTERM, signal.SIGQUIT], ["drain", "stop"]),
    "QUIT INT": ([signal.SIGQUIT, signal.SIGINT], ["stop", "stop"]),
}


@pytest.mark.parametrize(("sent", "expected"), SENT.values(), ids=SENT)
async def test_what_each_signal_asks_for(sent, expected):
    heard = Heard()

    with on_signals(heard.first, heard.further):
        assert await heard.after(*sent) == expected


@pytest.mark.parametrize("name", ["SIGHUP", "SIGQUIT"])
@pytest.mark.parametrize("handler", [signal.SIG_IGN, lambda *_: None])
async def test_a_signal_that_is_ignored_or_taken_stays_so(name, handler):
    number = getattr(signal, name)
    signal.signal(number, handler)
    heard = Heard()

    with on_signals(heard.first, heard.further):
        assert signal.getsignal(number) is handler
        assert await heard.after(number) == []


async def test_everything_is_put_back():
    before = {each: signal.getsignal(each) for each in (signal.SIGHUP, signal.SIGPIPE)}

    with on_signals(print, print):
        assert signal.getsignal(signal.SIGHUP) is not before[signal.SIGHUP]

    assert {each: signal.getsignal(each) for each in before} == before


async def test_a_system_without_some_signals_has_the_others(monkeypatch):
    """As Windows, which has neither SIGHUP nor SIGQUIT."""
    monkeypatch.delattr(signal, "SIGHUP")
    monkeypatch.delattr(signal, "SIGQUIT")
    heard = Heard()

    with on_signals(heard.first, heard.further):
        assert await heard.after(signal.SIGTERM) == ["drain"]


async def test_a_signal_that_was_blocked_ends_the_worker():
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    heard = Heard()

    with on_signals(heard.first, heard.further):
        assert await heard.after(signal.SIGTERM) == ["drain"]


async def test_a_broken_pipe_does_not_kill_the_worker():
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    reading, writing = os.pipe()
    os.close(reading)

    with on_signals(print, print), pytest.raises(BrokenPipeError):
        os.write(writing, b"x")

    os.close(writing)
