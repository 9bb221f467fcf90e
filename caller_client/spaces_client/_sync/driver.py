"""Runs the flows of the core over a client of httpx."""

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

import httpx

from spaces_client._core.effects import (
    Answer,
    Call,
    Effect,
    Emit,
    Flow,
    Lost,
    Open,
    Pause,
    Read,
    Stream,
    Together,
)
from spaces_client._errors import TransferFailed
from spaces_client._http import answer_of, lost, request_of
from spaces_client._sync.together import do_together

Reply = Answer | Lost | bytes | None
T = TypeVar("T")


class Driver:
    """Does what flows ask for.

    Args:
        client: makes the calls.
        sleep: waits for some seconds.
    """

    def __init__(self, client: httpx.Client, sleep: Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._sleep = sleep

    def run(self, flow: Flow[T]) -> T:
        """Return the value with which a flow ends."""
        with contextlib.closing(_Connection(self._client, self._sleep)) as connection:
            reply: object = None
            while True:
                try:
                    effect = flow.send(reply)
                except StopIteration as end:
                    value: T = end.value
                    return value
                reply = connection.perform(effect)

    def iterate(self, stream: Stream[T]) -> Iterator[T]:
        """Yield what a flow emits."""
        with contextlib.closing(_Connection(self._client, self._sleep)) as connection:
            reply: object = None
            while True:
                try:
                    effect = stream.send(reply)
                except StopIteration:
                    return
                reply = None
                if isinstance(effect, Emit):
                    yield effect.item
                else:
                    reply = connection.perform(effect)


class _Connection:
    """The answer that one flow reads piece by piece."""

    def __init__(self, client: httpx.Client, sleep: Callable[[float], None]) -> None:
        self._client = client
        self._sleep = sleep
        self._response: httpx.Response | None = None
        self._pieces: Iterator[bytes] = iter(())

    def close(self) -> None:
        """End the answer that is open."""
        if self._response is not None:
            self._response.close()
            self._response = None

    def perform(self, effect: Effect) -> Reply | list[Reply]:
        """Do what a flow asks for, and return what came of it."""
        if isinstance(effect, Together):
            return do_together(self._perform, effect.calls, effect.at_once)
        return self._perform(effect)

    def _perform(self, effect: Call | Open | Read | Pause) -> Reply:
        if isinstance(effect, Pause):
            self._sleep(effect.seconds)
            return None
        try:
            if isinstance(effect, Call):
                return self._call(effect)
            return self._open(effect.call) if isinstance(effect, Open) else self._read()
        except httpx.HTTPError as error:
            return lost(error)
        except OSError as error:
            raise TransferFailed(f"A file cannot be read: {error}.") from error

    def _call(self, call: Call) -> Answer:
        with contextlib.ExitStack() as opened:
            response = self._client.send(request_of(call, opened), auth=None)
        return answer_of(response, response.content)

    def _open(self, call: Call) -> Answer:
        self.close()
        with contextlib.ExitStack() as opened:
            response = self._client.send(request_of(call, opened), auth=None, stream=True)
        self._response = response
        if not response.is_success:
            return answer_of(response, response.read())
        self._pieces = response.iter_bytes()
        return answer_of(response)

    def _read(self) -> bytes:
        return next(self._pieces, b"")
