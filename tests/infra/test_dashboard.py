"""What the dashboard shows, and from what."""

from typing import Any

import pytest

from infra.access import FUNCTIONS
from infra.activity.queries import SAVED
from tests.infra.parts import metrics_of, widgets_of
from tests.infra.templates import Template, as_text


@pytest.fixture(scope="module")
def dashboard(prod: Template) -> dict[str, Any]:
    (found,) = prod.properties("AWS::CloudWatch::Dashboard")
    return found


@pytest.fixture(scope="module")
def by_title(dashboard: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["title"]: each for each in widgets_of(dashboard) if "title" in each}


@pytest.mark.parametrize(
    ("title", "asks"),
    [
        ("Requests accepted", "count(*) as accepted by bin(5m)"),
        ("Requests ended, by kind", 'sum(strcontains(state, "TIMED_OUT")) as timed_out'),
        ("Milliseconds waited and run, p50 and p95", "pct(waited_ms, 95) as waited_p95_ms"),
        ("Most requests waiting and running", "max(waiting) as waiting"),
        ("Workers seen in two hours, and their handshakes", "count_distinct(worker_id)"),
        ("By space", "by space"),
        ("Refused", '"call_refused"'),
        ("Errors", '"unexpected_error"'),
        ("Webhooks", "by state"),
        ("USD of Lambda, by day", "@billedDuration"),
    ],
)
def test_figures_from_logs(by_title: dict[str, dict[str, Any]], title: str, asks: str) -> None:
    widget = by_title[title]

    assert widget["type"] == "log"
    assert asks in widget["query"]


def test_every_function_is_asked(by_title: dict[str, dict[str, Any]]) -> None:
    asked = by_title["Errors"]["query"]

    for name in FUNCTIONS:
        assert f"SOURCE '<{name.capitalize()}Function" in asked


@pytest.mark.parametrize(
    ("title", "metrics"),
    [
        ("Calls of the API", {"Count", "4xx", "5xx", "Latency"}),
        ("Functions of the account", {"Errors", "Throttles", "ConcurrentExecutions"}),
        ("Events that failed for good", {"ApproximateNumberOfMessagesVisible"}),
    ],
)
def test_figures_from_metrics(
    by_title: dict[str, dict[str, Any]], title: str, metrics: set[str]
) -> None:
    assert {metric[1] for metric in by_title[title]["metrics"]} == metrics


def test_money_of_a_day_is_priced_from_one_table(by_title: dict[str, dict[str, Any]]) -> None:
    expressions = {
        metric[0]["label"]: metric[0]["expression"].split(" * ")
        for metric in by_title["USD of API, tables and schedules, by day"]["metrics"]
        if isinstance(metric[0], dict)
    }

    assert {label: price for label, (_, price) in expressions.items()} == {
        "calls of the HTTP API": "0.000001",
        "WebSocket messages": "0.000001",
        "DynamoDB write units": "0.000000625",
        "DynamoDB read units": "0.000000125",
        "schedules that fire": "0.000001",
    }
    # Three tables and two indexes.
    assert expressions["DynamoDB write units"][0].count(",") == 4


def test_no_metric_is_one_of_our_own(dashboard: dict[str, Any]) -> None:
    namespaces = {metric[0] for metric in metrics_of(dashboard)}

    assert all(each.startswith("AWS/") for each in namespaces)


def test_the_dashboard_says_what_opening_it_costs(dashboard: dict[str, Any]) -> None:
    text = widgets_of(dashboard)[0]["markdown"]

    assert "0.005 USD a GB" in text


def test_every_question_is_saved_for_all_functions(prod: Template) -> None:
    saved = prod.properties("AWS::Logs::QueryDefinition")

    assert {each["Name"]: each["QueryString"] for each in saved} == {
        f"spaces-prod/{name}": text for name, text in SAVED.items()
    }
    for each in saved:
        assert len({as_text(name) for name in each["LogGroupNames"]}) == len(FUNCTIONS)
