"""Where the lines come from: CloudWatch Logs, or the files of the local cloud."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from infra.activity.activity import Ask
from infra.activity.log_query import Line, LogQuery, Row
from infra.local.logs import LogLine

if TYPE_CHECKING:
    from types_boto3_cloudformation import CloudFormationClient
    from types_boto3_logs import CloudWatchLogsClient

_PAUSE_SECONDS: Final = 0.5
_LONGEST_SECONDS: Final = 300
_MOST_ROWS: Final = 1_000


class QueryFailed(Exception):
    """Logs Insights did not answer; the message says why."""


def ask_lines(lines: Iterable[LogLine], since_ms: int) -> Ask:
    """Return what answers from lines of the local cloud that are not older than this."""
    parsed = list(_parsed(line for line in lines if line.time_ms >= since_ms))
    return lambda query: query.answer(parsed)


def _parsed(lines: Iterable[LogLine]) -> Iterator[Line]:
    for line in lines:
        try:
            content = json.loads(line.text)
        except ValueError:
            continue  # of the interpreter, such as a warning
        if isinstance(content, dict):
            yield content


def ask_insights(
    client: CloudWatchLogsClient,
    groups: list[str],
    period: tuple[int, int],
    questions: Iterable[LogQuery],
    sleep: Callable[[float], None] = time.sleep,
) -> Ask:
    """Put questions to Logs Insights, all at once, and return what knows the answers.

    Args:
        client: a boto3 client.
        groups: names of the log groups; at most 50.
        period: from and until, in seconds since 1970.
        questions: what will be asked.
        sleep: pauses for a number of seconds.

    Raises:
        QueryFailed: a query failed, or takes longer than five minutes.
    """
    started = {
        query: client.start_query(
            logGroupNames=groups,
            startTime=period[0],
            endTime=period[1],
            queryString=query.insights(),
            limit=_MOST_ROWS,
        )["queryId"]
        for query in questions
    }
    answers = {
        query: [_row(row, query) for row in _rows(client, query_id, sleep)]
        for query, query_id in started.items()
    }
    return lambda query: answers[query]


def _rows(
    client: CloudWatchLogsClient, query_id: str, sleep: Callable[[float], None]
) -> list[list[Any]]:
    for _ in range(int(_LONGEST_SECONDS / _PAUSE_SECONDS)):
        found: Any = client.get_query_results(queryId=query_id)
        if found["status"] == "Complete":
            return list(found["results"])
        if found["status"] not in ("Scheduled", "Running"):
            raise QueryFailed(f"Logs Insights ended a query as {found['status']}. Try again.")
        sleep(_PAUSE_SECONDS)
    raise QueryFailed("Logs Insights took longer than five minutes. Ask for fewer --hours.")


def _row(fields: list[Any], query: LogQuery) -> Row:
    """Return a row with its figures as numbers; what it is grouped by stays text."""
    texts = {str(each["field"]): str(each["value"]) for each in fields}
    groups: Row = {name: texts.get(name, "") for name in query.by}
    figures = {each.name: texts.get(each.name) for each in query.columns}
    return groups | {name: float(text) for name, text in figures.items() if text}


def log_groups_of(cloudformation: CloudFormationClient, stack: str) -> list[str]:
    """Return the names of the log groups of a stack."""
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
    return [
        str(each.get("PhysicalResourceId"))
        for page in pages
        for each in page["StackResourceSummaries"]
        if each["ResourceType"] == "AWS::Logs::LogGroup"
    ]
