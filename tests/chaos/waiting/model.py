"""A model that takes as long as ``MODEL_SECONDS`` says, and notes each run."""

import os
import time
from pathlib import Path


def answer(prompt: str) -> str:
    with Path(os.environ["MODEL_RUNS"]).open("a") as runs:
        runs.write(f"{prompt}\n")
    time.sleep(float(os.environ["MODEL_SECONDS"]))
    return f"answer to {prompt}"
