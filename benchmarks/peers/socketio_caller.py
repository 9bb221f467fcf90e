"""Calls the relay as a browser does, once for each line it reads: ``socketio_caller.py PORT``."""

import queue
import sys
import time

import socketio

relay = socketio.Client()
results: queue.Queue[str] = queue.Queue()
relay.on("result", results.put)
relay.connect(f"http://127.0.0.1:{sys.argv[1]}", transports=["websocket"])
print("ready", flush=True)
for line in sys.stdin:
    began = time.perf_counter()
    relay.emit("submit", {"prompt": "hello", "seconds": float(line)})
    said = results.get(timeout=60)
    elapsed = time.perf_counter() - began
    assert said == "hello", said
    print(elapsed, flush=True)
