"""Which alarms there are, what each points to, and whom they notify."""

import re
from typing import Any

import pytest

from infra.project import PROJECT_FOLDER
from tests.infra.conftest import Synthesize
from tests.infra.templates import Template
from tests.unit.docs.documents import anchors

RUNBOOK = PROJECT_FOLDER / "docs" / "runbook.md"


def alarm(template: Template, name: str) -> dict[str, Any]:
    alarms = template.properties("AWS::CloudWatch::Alarm")
    (found,) = (each for each in alarms if each["AlarmDescription"].endswith(f"#{name}"))
    return found


@pytest.mark.parametrize(
    ("name", "metric", "of", "minutes", "threshold"),
    [
        ("event-kept", "AWS/SQS ApproximateNumberOfMessagesVisible", "SweepTimerFailed", 5, 1),
        ("sweeps-fail", "AWS/Lambda Errors", "SweepFunction", 15, 1),
        ("api-errors", "AWS/ApiGateway 5xx", "Api", 5, 5),
        ("functions-crash", "AWS/Lambda Errors", "", 10, 1),
        ("functions-throttled", "AWS/Lambda Throttles", "", 15, 1),
    ],
)
def test_what_each_alarm_looks_at(
    prod: Template, name: str, metric: str, of: str, minutes: int, threshold: int
) -> None:
    found = alarm(prod, name)

    assert f"{found['Namespace']} {found['MetricName']}" == metric
    assert of in str(found.get("Dimensions", []))
    assert bool(of) == bool(found.get("Dimensions"))
    assert found["Period"] * found["EvaluationPeriods"] == minutes * 60
    assert found["Threshold"] == threshold
    assert found["TreatMissingData"] == "notBreaching"


def test_no_other_alarm_is_left_without_a_test(prod: Template) -> None:
    assert len(prod.of_type("AWS::CloudWatch::Alarm")) == 5


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_each_alarm_has_a_section_in_the_runbook(stage: str, synthesize: Synthesize) -> None:
    for each in synthesize(stage).properties("AWS::CloudWatch::Alarm"):
        told = re.fullmatch(
            r"[A-Z].+\. What to do: docs/runbook\.md#([a-z-]+)", each["AlarmDescription"]
        )
        assert told is not None
        assert told[1] in anchors(RUNBOOK)
        assert "AlarmName" not in each  # its own name begins with that of the stack


def test_alarms_notify_nobody_unless_the_stage_says_whom(prod: Template) -> None:
    assert prod.of_type("AWS::SNS::Topic") == {}
    assert not [
        each for each in prod.properties("AWS::CloudWatch::Alarm") if each.get("AlarmActions")
    ]


def test_every_alarm_sends_mail_when_it_begins_and_when_it_ends(full: Template) -> None:
    (topic,) = full.of_type("AWS::SNS::Topic")
    (subscription,) = full.properties("AWS::SNS::Subscription")

    assert (subscription["Protocol"], subscription["Endpoint"]) == ("email", "ops@example.org")
    for each in full.properties("AWS::CloudWatch::Alarm"):
        assert each["AlarmActions"] == each["OKActions"] == [{"Ref": topic}]


def test_cloudwatch_may_publish_for_this_account_only(full: Template) -> None:
    (policy,) = full.properties("AWS::SNS::TopicPolicy")
    allowed = [each for each in policy["PolicyDocument"]["Statement"] if each["Effect"] == "Allow"]

    (statement,) = allowed
    assert statement["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert statement["Action"] == "sns:Publish"
    condition = statement["Condition"]["StringEquals"]
    assert condition == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
