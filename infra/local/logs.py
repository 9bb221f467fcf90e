"""Read the functions' logs."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from infra.access import FUNCTIONS
from infra.local.cloud import LocalCloud
from infra.local.emulator import LocalCloudError, logs_folder


class LogLine(NamedTuple):
    """A line with its time (ms since 1970) and the function that wrote it."""

    time_ms: int
    function: str
    text: str


def chosen_functions(function: str | None) -> list[str]:
    """Return the one function, or all for None.

    Raises:
        LocalCloudError: the function does not exist.
    """
    if function is None:
        return list(FUNCTIONS)
    if function not in FUNCTIONS:
        raise LocalCloudError(f"There is no function {function!r}. Choose one of: {_all_names()}.")
    return [function]


def read_logs(cloud: LocalCloud, functions: list[str]) -> list[LogLine]:
    """Return all lines written so far, oldest first."""
    return list(_new_lines(cloud, dict.fromkeys(functions, 0)))


def follow_logs(cloud: LocalCloud, functions: list[str]) -> Iterator[LogLine]:
    """Yield new lines indefinitely."""
    sizes = {function: _size(_file(cloud, function)) for function in functions}
    while True:
        yield from _new_lines(cloud, sizes)
        time.sleep(0.3)


def _new_lines(cloud: LocalCloud, sizes: dict[str, int]) -> list[LogLine]:
    lines: list[LogLine] = []
    for function, size in sizes.items():
        whole = _whole_lines(_file(cloud, function), size)
        sizes[function] = size + len(whole)
        text = whole.decode(errors="replace")
        lines.extend(_parse(function, line) for line in text.split("\n")[:-1])
    return sorted(lines, key=lambda line: line.time_ms)


def _whole_lines(path: Path, offset: int) -> bytes:
    if _size(path) <= offset:
        return b""
    with path.open("rb") as file:
        file.seek(offset)
        content = file.read()
    return content[: content.rfind(b"\n") + 1]


def _parse(function: str, line: str) -> LogLine:
    time_ms, _, text = line.partition(" ")
    return LogLine(int(time_ms) if time_ms.isdigit() else 0, function, text)


def _file(cloud: LocalCloud, function: str) -> Path:
    return logs_folder(cloud) / f"{function}.log"


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _all_names() -> str:
    return ", ".join(FUNCTIONS)
