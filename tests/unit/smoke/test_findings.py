"""The table of a smoke test, and when a run counts as failed."""

import asyncio

import httpx
import pytest

from tests.smoke.findings import NOT_SETTLED, Verdict, failed, found, noted, table, tried, untried
from tests.smoke.socket_lines import shape


def test_the_table_can_be_pasted_into_an_issue():
    findings = [
        found("ping", "no frame", "no frame", as_expected=True),
        noted("at() | past", "400\nValidationException"),
        untried("life", "2 h", "needs LONG=1"),
    ]
    assert table(findings).splitlines() == [
        "| line | expected on AWS | seen |  |",
        "|---|---|---|---|",
        "| ping | no frame | no frame | ok |",
        f"| at() \\| past | {NOT_SETTLED} | 400 ValidationException | ok |",
        "| life | 2 h | needs LONG=1 | unknown |",
    ]


def test_only_the_main_flow_makes_a_run_fail():
    assert not failed([found("an open line", "a", "b", as_expected=False)])
    assert not failed([found("prompt", "a", "a", as_expected=True, main=True)])
    assert failed([found("prompt", "a", "b", as_expected=False, main=True)])
    assert failed([untried("prompt", "a", "no answer", main=True)])


@pytest.mark.parametrize("error", [httpx.ReadTimeout("late"), OSError("gone"), KeyError("auth")])
def test_a_line_that_fails_does_not_end_the_run(error):
    async def attempt():
        raise error

    finding = asyncio.run(tried("a line", "something", attempt()))
    assert finding.verdict is Verdict.UNKNOWN
    assert type(error).__name__ in finding.seen


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (None, "no frame"),
        ('{"message": "Forbidden", "connectionId": "a=", "requestId": "b"}',
         "Forbidden: {connectionId, message, requestId}"),
        ('{"action": "error", "error_type": "unknown_action"}',
         "unknown_action: {action, error_type}"),
        ("closed with 1008", "closed with 1008"),
    ],
)  # fmt: skip
def test_a_frame_is_told_without_its_ids(text, shown):
    assert shape(text) == shown
