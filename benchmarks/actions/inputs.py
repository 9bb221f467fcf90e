"""What is submitted and answered."""

import random
from collections.abc import Callable
from typing import Final

from msgspec import convert

from spaces.domain.access.caller import Anonymous
from spaces.services.requests.submit_request import Accepted
from spaces_protocol.limits import (
    MAX_SOCKET_INPUT_BYTES,
)
from spaces_protocol.rest_bodies import SubmittedInput
from spaces_protocol.worker_messages import (
    Result,
)

CALLER: Final = Anonymous("visitor")


VISIBLE: Final = [chr(code) for code in range(33, 127) if chr(code) not in '"\\']
"""Characters that JSON does not escape."""


LARGEST_IN_AN_ITEM: Final = MAX_SOCKET_INPUT_BYTES - 13
"""Of a prompt whose characters JSON does not escape; 13 bytes are its name and its quotes."""


def result_of(accepted: Accepted, text: str) -> Result:
    """Return a worker's completed result."""
    told = {"action": "result", "request_id": str(accepted.request.request_id), "attempt": 1}
    return convert({**told, "status": "completed", "output": {"text": text}}, Result)


def with_files(count: int, *more: str) -> SubmittedInput:
    """Return an input with a number of files, and others by name."""
    names = [f"{number:022}" for number in range(count)] + [f"{each:0>22}" for each in more]
    return convert({"prompt": "x", "files": [{"upload_id": n} for n in names]}, SubmittedInput)


def incompressible(size: int) -> SubmittedInput:
    """Return a prompt that cannot be compressed."""
    return SubmittedInput(prompt=noise(size, 1))


def noise(size: int, seed: int) -> str:
    """Return characters that cannot be compressed; the same for a seed."""
    return "".join(random.Random(seed).choices(VISIBLE, k=size))  # noqa: S311 - not a secret


def expect_refusal(kind: type[Exception], work: Callable[[], object]) -> None:
    """Do something that must be refused."""
    try:
        work()
    except kind:
        return
    raise AssertionError("it was not refused")
