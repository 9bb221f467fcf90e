"""The worker of the relay: ``socketio_worker.py PORT``."""

import sys
from typing import Any

import model
import socketio

relay = socketio.Client()


@relay.on("connect")
def offer() -> None:
    """Ask for work, again after each reconnection."""
    relay.emit("work")


@relay.on("request")
def answer(wanted: dict[str, Any]) -> None:
    """Answer a request."""
    relay.emit("result", {"number": wanted["number"], "text": model.answer(wanted["prompt"])})


relay.connect(f"http://127.0.0.1:{sys.argv[1]}", transports=["websocket"])
relay.wait()
