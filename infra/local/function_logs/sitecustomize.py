"""Save what the emulator discards: output of WebSocket functions, and actions that IAM allowed.

It also lets functions call AWS through the strict edge, if there is one.

Python imports a module of this name at startup if it is on the PYTHONPATH, as it is in the emulator
and in each function's process.
"""
# ruff: noqa: INP001 - not a package: Python imports it by this name

import os
import sys
import time
from typing import Any, TextIO


class LineFile:
    """A text stream that also appends whole lines, with their time, to a file."""

    def __init__(self, stream: TextIO, path: str) -> None:
        self._stream = stream
        self._file = open(path, "ab", buffering=0)  # noqa: PTH123, SIM115 - for the process's life
        self._begun = ""

    def write(self, text: str) -> int:
        """Write to the stream; append complete lines to the file."""
        *lines, self._begun = (self._begun + text).split("\n")
        if lines:
            now_ms = time.time_ns() // 1_000_000
            self._file.write("".join(f"{now_ms} {line}\n" for line in lines).encode())
        return self._stream.write(text)

    def __getattr__(self, name: str) -> object:
        """Delegate everything else to the stream."""
        return getattr(self._stream, name)


def _keep_lines() -> None:
    function, folder = (
        os.environ.get("POWERTOOLS_SERVICE_NAME"),
        os.environ.get("SPACES_LOCAL_LOGS"),
    )
    if function and folder:
        # The emulator's runtime prints to sys.stderr.
        sys.stderr = LineFile(sys.stderr, f"{folder}/{function}.log")
        if os.environ.get("AWS_LAMBDA_RUNTIME_API"):  # the stream front's runtime prints to both
            sys.stdout = LineFile(sys.stdout, f"{folder}/{function}.log")


def _call_aws() -> None:
    """In a function, call AWS on the local cloud's port, even if the emulator has another one."""
    if os.environ.get("POWERTOOLS_SERVICE_NAME") and (url := os.environ.get("SPACES_LOCAL_AWS")):
        os.environ["AWS_ENDPOINT_URL"] = url


def _keep_decisions() -> None:
    """In the emulator, record once which role was allowed which action on which resource."""
    path = os.environ.get("SPACES_LOCAL_IAM_LOG")
    if not path or os.environ.get("POWERTOOLS_SERVICE_NAME"):
        return
    from ministack.core import iam_evaluator  # noqa: PLC0415 - only available in the emulator

    decide, noted = iam_evaluator.evaluate, set()
    file = open(path, "a", buffering=1)  # noqa: PTH123, SIM115 - for the process's life

    def noting(context: Any, *policies: Any) -> Any:  # noqa: ANN401 - the emulator's types
        result = decide(context, *policies)
        if result.decision != "Allow":
            return result
        # The folder of an object and the API of a connection, not each key and id.
        resource = context.resource_arn.partition("/@connections/")[0]
        if context.action.startswith("s3:"):
            resource = "/".join(resource.split("/")[:2])
        line = f"{context.principal_arn} {context.action} {resource}\n"
        if line not in noted:
            noted.add(line)
            file.write(line)
        return result

    iam_evaluator.evaluate = noting


_call_aws()
_keep_lines()
_keep_decisions()
