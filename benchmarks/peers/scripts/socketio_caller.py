"""Calls the relay as a browser does: ``socketio_caller.py PORT``."""

import sys
import time
from collections import defaultdict
from queue import Empty, SimpleQueue

import calling
import socketio


class Caller(calling.Caller):
    def __init__(self) -> None:
        self._relay = socketio.Client()
        self._latest: SimpleQueue[str] = SimpleQueue()
        self._said: defaultdict[int, SimpleQueue[str]] = defaultdict(SimpleQueue)
        self._relay.on("result", self._take)
        self._relay.connect(f"http://127.0.0.1:{sys.argv[1]}", transports=["websocket"])

    def call(self, prompt: str) -> str:
        # Without asking for the number: the acknowledgement would hold the result up.
        self._relay.emit("submit", prompt)
        return self._latest.get(timeout=60)

    def submit(self, prompt: str) -> int:
        return self._relay.call("submit", prompt)

    def wait(self, request: int, seconds: float) -> str:
        try:
            return self._said[request].get(timeout=max(0, seconds))
        except Empty:
            raise TimeoutError from None

    def read_again(self, request: int) -> list[str]:
        said = self._said[request]
        return [said.get() for _ in range(said.qsize())]

    def held(self) -> int:
        time.sleep(1)
        return self._relay.call("held")

    def _take(self, told: dict[str, object]) -> None:
        self._said[int(str(told["number"]))].put(str(told["text"]))
        self._latest.put(str(told["text"]))


calling.serve(Caller)
