"""Reads what the functions log, as CloudWatch Logs keeps it."""

import time
from collections.abc import Iterator
from typing import NamedTuple

from infra.access import FUNCTIONS
from infra.local.cloud import STAGE, LocalCloud
from infra.local.emulator import LocalCloudError


class LogLine(NamedTuple):
    """One line, with the time (ms since 1970) and the function that wrote it."""

    time_ms: int
    function: str
    text: str


def log_groups(cloud: LocalCloud, function: str | None) -> dict[str, str]:
    """Return the log groups of one function or of all, by the function's name.

    Raises:
        LocalCloudError: there is no such function.
    """
    if function is not None and function not in FUNCTIONS:
        raise LocalCloudError(f"There is no function {function!r}: {', '.join(FUNCTIONS)}.")
    wanted = FUNCTIONS if function is None else (function,)
    pages = cloud.aws("logs").get_paginator("describe_log_groups").paginate()
    names = [group["logGroupName"] for page in pages for group in page["logGroups"]]
    prefixes = {name: f"spaces-{STAGE}-service-{name.capitalize()}Function" for name in wanted}
    return {name: group for name in wanted for group in names if group.startswith(prefixes[name])}


def read_logs(cloud: LocalCloud, groups: dict[str, str], since_ms: int) -> list[LogLine]:
    """Return the lines since a time, oldest first."""
    logs = cloud.aws("logs")
    lines = []
    for function, group in groups.items():
        pages = logs.get_paginator("filter_log_events").paginate(
            logGroupName=group, startTime=since_ms
        )
        for page in pages:
            for event in page["events"]:
                lines.append(LogLine(event["timestamp"], function, event["message"].rstrip()))
    return sorted(lines, key=lambda line: line.time_ms)


def follow_logs(cloud: LocalCloud, groups: dict[str, str]) -> Iterator[LogLine]:
    """Yield lines as they are written, for ever."""
    since_ms, shown = int(time.time() * 1000) - 5_000, set[LogLine]()
    while True:
        for line in read_logs(cloud, groups, since_ms):
            if line not in shown:
                shown.add(line)
                yield line
        since_ms = max(since_ms, int(time.time() * 1000) - 30_000)
        shown = {line for line in shown if line.time_ms >= since_ms}
        time.sleep(1)
