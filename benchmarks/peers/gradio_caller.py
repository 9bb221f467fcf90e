"""Calls Gradio's server by its client, once for each line read: ``gradio_caller.py PORT``."""

import sys
import time

from gradio_client import Client

client = Client(f"http://127.0.0.1:{sys.argv[1]}/", verbose=False)
print("ready", flush=True)
for line in sys.stdin:
    began = time.perf_counter()
    said = client.predict("hello", float(line), api_name="/answer")
    elapsed = time.perf_counter() - began
    assert said == "hello", said
    print(elapsed, flush=True)
