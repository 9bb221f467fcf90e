"""Import and first use of each handler in a fresh process, against a bare boto3 client."""

import os
import statistics
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from infra.access import FUNCTIONS

SOURCES: Final = Path(__file__).parents[1] / "functions"
BARE: Final = "import boto3; boto3.client('dynamodb')"
HANDLER: Final = "import spaces.handlers.{name}; from spaces.bootstrap import gateway; gateway()"
TIMED: Final = (
    "import time; start = time.process_time(); {code}; print(time.process_time() - start)"
)
GIVEN: Final = {
    "authorize": ("SPACES_TABLE",),
    "connect": ("CONNECTIONS_TABLE",),
    "drain": ("SPACES_TABLE", "SOCKET_ENDPOINT"),
    "unknown": ("SOCKET_ENDPOINT",),
}
"""The settings of functions that do not need all of them; see infra/access.py."""
ALL: Final = ("SPACES_TABLE", "CONNECTIONS_TABLE", "REQUESTS_TABLE", "SOCKET_ENDPOINT")


class ColdStart(NamedTuple):
    """Processor seconds of a handler and of the bare client, and how many times as long it takes.

    Attributes:
        ratio: The median of the pairs that were measured one right after the other.
    """

    handler: str
    seconds: float
    bare_seconds: float
    ratio: float


def measure(runs: int, handlers: Iterable[str] = tuple(FUNCTIONS)) -> Iterator[ColdStart]:
    """Yield each handler's medians of several runs, each followed by one of the bare client."""
    for name in handlers:
        code = HANDLER.format(name=name)
        names = GIVEN.get(name, ALL)
        _run(code, names)  # compiles
        pairs = [(_run(code, names), _run(BARE, ())) for _ in range(runs)]
        ratio = statistics.median(ours / bare for ours, bare in pairs)
        ours, bare = (statistics.median(column) for column in zip(*pairs, strict=True))
        yield ColdStart(name, ours, bare, ratio)


def _run(code: str, names: tuple[str, ...]) -> float:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(SOURCES),
        # As on Lambda. Without them, botocore would ask the network for credentials.
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_SECRET_ACCESS_KEY": "nothing",
        **dict.fromkeys(names, "http://localhost:1"),
    }
    command = [sys.executable, "-c", TIMED.format(code=code)]
    done = subprocess.run(  # noqa: S603 - our own code
        command, env=environment, capture_output=True, text=True, check=True
    )
    return float(done.stdout)
