"""The worker of the relay: ``socketio_worker.py PORT``."""

import sys
import time
from typing import Any

import socketio

relay = socketio.Client()


@relay.on("request")
def answer(wanted: dict[str, Any]) -> None:
    """Return the prompt after some seconds."""
    time.sleep(wanted["seconds"])
    relay.emit("result", {"number": wanted["number"], "text": wanted["prompt"]})


relay.connect(f"http://127.0.0.1:{sys.argv[1]}", transports=["websocket"])
relay.emit("work")
relay.wait()
