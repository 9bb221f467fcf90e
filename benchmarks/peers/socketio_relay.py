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
def submit(wanted: dict[str, object]) -> None:
    """Queue a browser's request."""
    number = next(numbers)
    callers[number] = request.sid  # type: ignore[attr-defined]
    waiting.append({**wanted, "number": number})
    dispatch()


@sockets.on("result")
def result(told: dict[str, object]) -> None:
    """Pass a worker's result to the browser that asked."""
    sockets.emit("result", told["text"], to=callers.pop(int(str(told["number"]))))
    work()


sockets.run(app, host="127.0.0.1", port=int(sys.argv[1]), allow_unsafe_werkzeug=True)
