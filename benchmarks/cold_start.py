"""Import and first use of each handler as it is shipped, against a bare boto3 client."""

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import boto3

from infra.code_asset import LOCAL_TARGET, build_code_asset

OF_THE_RUNTIME: Final = (
    "boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six.py", "urllib3",
)  # fmt: skip
"""What Lambda's Python brings; nothing else of this environment may be found."""
HANDLERS: Final = (
    "authorize", "connect", "register", "progress", "result", "decline", "offer", "drain",
    "disconnect", "unknown", "api", "wait", "stream",
)  # fmt: skip
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
    """Processor seconds of a handler and of the bare client, measured in turn."""

    handler: str
    seconds: float
    bare_seconds: float
    ratio: float


def measure(runs: int) -> Iterator[ColdStart]:
    """Yield each handler's median of several runs, each paired with one of the bare client."""
    with tempfile.TemporaryDirectory() as folder:
        runtime = Path(folder)
        for name in OF_THE_RUNTIME:
            (runtime / name).symlink_to(Path(boto3.__file__).parents[1] / name)
        for name in HANDLERS:
            code = HANDLER.format(name=name)
            names = GIVEN.get(name, ALL)
            _run(runtime, code, names)  # compiles
            pairs = [(_run(runtime, code, names), _run(runtime, BARE, ())) for _ in range(runs)]
            ratio = statistics.median(ours / bare for ours, bare in pairs)
            ours, bare = (statistics.median(column) for column in zip(*pairs, strict=True))
            yield ColdStart(name, ours, bare, ratio)


def _run(runtime: Path, code: str, names: tuple[str, ...]) -> float:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{build_code_asset(LOCAL_TARGET)}:{runtime}",
        "PYTHONPYCACHEPREFIX": str(runtime / "compiled"),
        "AWS_DEFAULT_REGION": "eu-central-1",
        **dict.fromkeys(names, "http://localhost:1"),
    }
    command = [sys.executable, "-S", "-c", TIMED.format(code=code)]
    done = subprocess.run(  # noqa: S603 - our own code
        command, env=environment, capture_output=True, text=True, check=True
    )
    return float(done.stdout)
