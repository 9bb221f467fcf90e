"""The models that are waited for: they return the prompt, at once or after a second."""

import os
import time


def answer(prompt: str) -> str:
    """Return the prompt after ``MODEL_SECONDS``."""
    time.sleep(float(os.environ["MODEL_SECONDS"]))
    return prompt
