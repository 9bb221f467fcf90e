"""The model of these runs: works as long as the prompt says and notes each run in a file."""

import json
import os
import time

from spaces_worker import RequestContext


def answer(prompt: str, context: RequestContext) -> dict[str, object]:
    """Work silently for ``seconds`` of the prompt, or until told to stop; fail if it says so."""
    asked = json.loads(prompt)
    run = {
        "request_id": context.request_id,
        "attempt": context.attempt,
        "name": asked["name"],
        "worker_id": os.environ["CHAOS_WORKER_ID"],
        "began": time.time(),
    }
    _note(run)
    stopped = context.cancelled.wait(asked["seconds"])
    _note({**run, "ended": time.time(), "stopped": stopped})
    if asked.get("fails"):
        raise ValueError("The prompt says so.")
    return {"name": asked["name"], "process": os.getpid(), "began": run["began"]}


def _note(line: dict[str, object]) -> None:
    # One write of a short line: other processes append to the same file.
    with open(os.environ["CHAOS_RUNS"], "ab", buffering=0) as file:  # noqa: PTH123
        file.write(json.dumps(line).encode() + b"\n")
