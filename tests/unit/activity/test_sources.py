"""Lines of the local cloud, and answers of Logs Insights."""

import json

import pytest

from infra.activity.activity import ASKED, activity_of
from infra.activity.queries import ACCEPTED, ENDED, REFUSED, SPACES
from infra.activity.sources import QueryFailed, ask_insights, ask_lines
from infra.local.logs import LogLine


def line(time_ms, message, **fields):
    return LogLine(time_ms, "api", json.dumps({"message": message, **fields}))


def test_what_is_older_or_not_json_is_left_out():
    lines = [
        line(10, "request_accepted"),
        line(20, "request_accepted"),
        LogLine(20, "api", "a warning of the interpreter"),
        LogLine(20, "api", '"request_accepted"'),
    ]

    assert ask_lines(lines, 15)(ACCEPTED) == [{"accepted": 1}]


def test_nothing_logged_is_an_activity_of_zeros():
    found = activity_of(1, ask_lines([], 0))

    assert (found.accepted, found.workers, found.errors) == (0, 0, [])
    assert found.ended == {"completed": 0, "failed": 0, "cancelled": 0, "timed_out": 0}
    assert "waited_p50_ms" not in found.times


class Insights:
    """Logs Insights, as boto3 shows it."""

    def __init__(self, *statuses, rows=()):
        self.statuses, self.rows, self.asked = list(statuses), list(rows), []

    def start_query(self, **query):
        self.asked.append(query)
        return {"queryId": str(len(self.asked))}

    def get_query_results(self, queryId):  # noqa: ARG002, N803 - as boto3 has it
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        rows = [
            [{"field": name, "value": value} for name, value in row.items()] for row in self.rows
        ]
        return {"status": status, "results": rows}


def asked(insights, *questions, slept=None):
    slept = [] if slept is None else slept
    return ask_insights(insights, ["g"], (0, 60), questions, sleep=slept.append)


def test_figures_become_numbers_and_groups_stay_text():
    rows = [{"space": "2024", "ended": "3", "waited_p50_ms": "1.5", "@ptr": "x"}]

    assert asked(Insights("Complete", rows=rows), SPACES)(SPACES) == [
        {"space": "2024", "ended": 3, "waited_p50_ms": 1.5}
    ]


def test_a_group_without_a_value_is_empty():
    rows = [{"message": "handshake_refused", "times": "1"}]

    assert asked(Insights("Complete", rows=rows), REFUSED)(REFUSED)[0]["error_type"] == ""


def test_an_answer_is_waited_for():
    slept = []

    answers = asked(Insights("Scheduled", "Running", "Complete"), ENDED, slept=slept)

    assert answers(ENDED) == []
    assert len(slept) == 2


def test_a_failed_query_is_told():
    with pytest.raises(QueryFailed, match="Failed"):
        asked(Insights("Failed"), ENDED)


def test_a_query_that_never_ends_is_given_up():
    with pytest.raises(QueryFailed, match="five minutes"):
        asked(Insights("Running"), ENDED)


def test_insights_that_found_nothing_is_an_activity_of_zeros():
    found = activity_of(1, asked(Insights("Complete"), *ASKED))

    assert (found.accepted, found.ended, found.most) == (0, {}, {})


def test_every_question_is_put_for_the_period():
    insights = Insights("Complete")

    asked(insights, *ASKED)

    assert {each["queryString"] for each in insights.asked} == {q.insights() for q in ASKED}
    assert {(each["startTime"], each["endTime"]) for each in insights.asked} == {(0, 60)}
