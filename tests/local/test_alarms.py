"""Each alarm is raised on purpose: its condition is brought about and its own definition judges.

The emulator publishes Lambda's metrics only, and does not look at dimensions when it evaluates an
alarm. What it does not publish is counted here, as AWS says that it counts; whether CloudWatch
itself raises the alarm, only AWS can show.
"""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infra.outputs import stack_outputs
from tests.local_cloud import DeployedCloud

pytestmark = pytest.mark.local

Alarm = dict[str, Any]


def is_raised(alarm: Alarm, figures: list[float]) -> bool:
    """Judge the figures of the last periods, newest last, as "Evaluating an alarm" says."""
    assert alarm["TreatMissingData"] == "notBreaching"
    assert alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
    last = figures[-alarm["EvaluationPeriods"] :]
    breaching = [figure >= alarm["Threshold"] for figure in last]
    return len(last) == alarm["EvaluationPeriods"] and all(breaching)


@pytest.fixture(scope="module")
def alarms(deployed_cloud: DeployedCloud) -> dict[str, Alarm]:
    found = deployed_cloud.cloud.aws("cloudwatch").describe_alarms()["MetricAlarms"]
    return {each["AlarmDescription"].rpartition("#")[2]: each for each in found}


def lambda_figure(cloud: DeployedCloud, metric: str, function: str | None = None) -> float:
    """Return what the emulator has counted in the last five minutes."""
    client, now = cloud.cloud.aws("cloudwatch"), datetime.now(UTC)
    listed = client.list_metrics(Namespace="AWS/Lambda", MetricName=metric)["Metrics"]
    total = 0.0
    for each in listed:
        if function in (None, each["Dimensions"][0]["Value"]):
            points = client.get_metric_statistics(
                Namespace="AWS/Lambda",
                MetricName=metric,
                Dimensions=each["Dimensions"],
                StartTime=now - timedelta(minutes=5),
                EndTime=now + timedelta(minutes=1),
                Period=600,
                Statistics=["Sum"],
            )["Datapoints"]
            total += sum(point["Sum"] for point in points)
    return total


def function_named(cloud: DeployedCloud, part: str) -> str:
    listed = cloud.cloud.aws("lambda").list_functions()["Functions"]
    (name,) = (each["FunctionName"] for each in listed if part in each["FunctionName"])
    return str(name)


def call_waiting(cloud: DeployedCloud) -> int:
    """Return the status; not by httpx, whose answers have to be in the API's description here."""
    path = f"{cloud.api_url}/v1/spaces/lab/requests/lab.1.{'x' * 22}/wait"
    try:
        with urllib.request.urlopen(path, timeout=60) as response:
            return int(response.status)
    except urllib.error.HTTPError as refused:
        return refused.code


@pytest.fixture
def throttled(deployed_cloud: DeployedCloud) -> Iterator[str]:
    """The function for calls that wait, which may not run for the time of a test."""
    client, name = (
        deployed_cloud.cloud.aws("lambda"),
        function_named(deployed_cloud, "WaitFunction"),
    )
    client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    try:
        yield name
    finally:
        client.delete_function_concurrency(FunctionName=name)


@pytest.fixture
def broken(deployed_cloud: DeployedCloud) -> Iterator[None]:
    """The same function, with a handler that does not exist."""
    client, name = (
        deployed_cloud.cloud.aws("lambda"),
        function_named(deployed_cloud, "WaitFunction"),
    )
    right = client.get_function_configuration(FunctionName=name)["Handler"]
    client.update_function_configuration(FunctionName=name, Handler="spaces.nowhere.handler")
    try:
        yield
    finally:
        client.update_function_configuration(FunctionName=name, Handler=right)


def test_an_event_that_is_kept(alarms: dict[str, Alarm]) -> None:
    """The queue is closed to calls without TLS, and the emulator speaks none: figures alone."""
    alarm = alarms["event-kept"]

    assert "SweepTimerFailed" in alarm["Dimensions"][0]["Value"]
    assert is_raised(alarm, [1])
    assert not is_raised(alarm, [0])


def test_sweeps_and_functions_that_crash(
    deployed_cloud: DeployedCloud, alarms: dict[str, Alarm]
) -> None:
    name = alarms["sweeps-fail"]["Dimensions"][0]["Value"]
    assert name == "spaces-local-sweep"

    client = deployed_cloud.cloud.aws("lambda")
    failed = client.invoke(FunctionName=name, Payload=b'{"space": 5}')
    of_sweeps = lambda_figure(deployed_cloud, "Errors", name)
    of_all = lambda_figure(deployed_cloud, "Errors")

    assert "FunctionError" in failed
    assert of_all >= of_sweeps >= 1
    # The figure of one period, as it would be if that went on.
    assert is_raised(alarms["sweeps-fail"], [of_sweeps] * 3)
    assert not is_raised(alarms["sweeps-fail"], [of_sweeps, 0, of_sweeps])
    assert is_raised(alarms["functions-crash"], [of_all] * 2)
    assert not is_raised(alarms["functions-crash"], [0, of_all])


def test_functions_that_are_throttled(
    deployed_cloud: DeployedCloud, alarms: dict[str, Alarm], throttled: str
) -> None:
    before = lambda_figure(deployed_cloud, "Throttles", throttled)
    statuses = [call_waiting(deployed_cloud) for _ in range(5)]
    refused = lambda_figure(deployed_cloud, "Throttles", throttled) - before

    assert statuses == [429] * 5  # AWS's HTTP API answers 500 or 503 instead
    assert refused == 5
    assert is_raised(alarms["functions-throttled"], [refused] * 3)
    assert not is_raised(alarms["functions-throttled"], [refused, refused, 0])


@pytest.mark.usefixtures("broken")
def test_calls_that_fail(deployed_cloud: DeployedCloud, alarms: dict[str, Alarm]) -> None:
    statuses = [call_waiting(deployed_cloud) for _ in range(5)]
    failed = sum(status >= 500 for status in statuses)

    assert is_raised(alarms["api-errors"], [failed]), statuses
    assert not is_raised(alarms["api-errors"], [failed - 1])


def test_no_alarm_was_left_out(alarms: dict[str, Alarm]) -> None:
    assert alarms.keys() == {
        "event-kept",
        "sweeps-fail",
        "api-errors",
        "functions-crash",
        "functions-throttled",
    }


def test_the_dashboard_is_there(deployed_cloud: DeployedCloud) -> None:
    client = deployed_cloud.cloud.aws("cloudwatch")
    body = client.get_dashboard(DashboardName="spaces-local-us-east-1")["DashboardBody"]
    titles = [each["properties"].get("title") for each in json.loads(body)["widgets"]]
    outputs = stack_outputs(deployed_cloud.cloud.aws("cloudformation"), "spaces-local-service")

    assert "Requests accepted" in titles
    assert outputs["ApiUrl"].split("/")[-1] in body  # the API's own id is filled in
