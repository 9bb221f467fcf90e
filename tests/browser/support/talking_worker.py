"""A worker for the browser tests that talks: word by word, and it knows what was said before."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from spaces_worker import Worker

SPACE = os.environ["TALK_SPACE"]
HOLD = Path(os.environ["TALK_HOLD"])
"""While this file exists, the answer stops before its last word."""

worker = Worker(worker_id=os.environ["TALK_NAME"])


@worker.space(SPACE)
def talk(messages: list[dict[str, Any]]) -> Iterator[str]:
    """Say who answers, and what the user has said."""
    yield f"{os.environ['TALK_NAME']} heard "
    yield ", ".join(each["content"] for each in messages if each["role"] == "user")
    while HOLD.exists():
        time.sleep(0.05)
    yield "."


if __name__ == "__main__":
    worker.run()
