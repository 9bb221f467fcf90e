"""The usual relay by Flask-SocketIO: browsers and one worker, a queue in memory.

``socketio_relay.py PORT``
"""

import sys
from collections import deque
from itertools import count

from flask import Flask, request
from flask_socketio import SocketIO

app = Flask(__name__)
sockets = SocketIO(app, async_mode="threading")
waiting: deque[dict[str, object]] = deque()
callers: dict[int, str] = {}
idle_workers: list[str] = []
numbers = count(1)


def dispatch() -> None:
    """Send waiting requests to idle workers."""
    while waiting and idle_workers:
        sockets.emit("request", waiting.popleft(), to=idle_workers.pop(0))


@sockets.on("work")
def work() -> None:
    """Take note of an idle worker."""
    idle_workers.append(request.sid)  # type: ignore[attr-defined]
    dispatch()


@sockets.on("submit")
def submit(prompt: str) -> int:
    """Queue a browser's request and return its number."""
    number = next(numbers)
    callers[number] = request.sid  # type: ignore[attr-defined]
    waiting.append({"prompt": prompt, "number": number})
    dispatch()
    return number


@sockets.on("result")
def result(told: dict[str, object]) -> None:
    """Pass a worker's result to the browser that asked."""
    if caller := callers.pop(int(str(told["number"])), None):
        sockets.emit("result", told, to=caller)
    work()


@sockets.on("disconnect")
def disconnect(*_reason: object) -> None:
    """Forget a worker that has gone."""
    if request.sid in idle_workers:  # type: ignore[attr-defined]
        idle_workers.remove(request.sid)  # type: ignore[attr-defined]


@sockets.on("held")
def held() -> int:
    """Return how many requests have no result."""
    return len(callers)


sockets.run(app, host="127.0.0.1", port=int(sys.argv[1]), allow_unsafe_werkzeug=True)
