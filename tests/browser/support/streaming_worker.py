"""A worker for the browser tests: streams words, takes options, returns files."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

from spaces_worker import File, RequestContext, Result, Worker

SPACE = os.environ["STUDIO_SPACE"]
HOLD = Path(os.environ["STUDIO_HOLD"])
"""While this file exists, the last word waits."""
WORDS = 12
SCHEMA = {
    "type": "object",
    "properties": {
        "pause": {"type": "number", "minimum": 0, "maximum": 2, "default": 0.3, "title": "Pause"}
    },
}
PAGE = b"<!doctype html><script>parent.owned = 1; alert(1)</script>"

worker = Worker(worker_id="studio")


@worker.space(SPACE, params=SCHEMA)
def create(context: RequestContext) -> Iterator[str | Result]:
    """Say some words one by one, then give back the first file, and one that is hostile."""
    for number in range(WORDS):
        while number == WORDS - 1 and HOLD.exists():
            time.sleep(0.05)
        yield f"word{number} "
        time.sleep(context.params.get("pause", 0))
    files = [File(file.path().read_bytes(), name=file.name) for file in context.files]
    yield Result(files=[*files, File(PAGE, name="page.html")], data={"params": context.params})


if __name__ == "__main__":
    worker.run()
