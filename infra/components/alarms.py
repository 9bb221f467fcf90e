"""The alarms of a stage, each with its section in the runbook, and whom they notify."""

from typing import Final

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

PERIOD: Final = Duration.minutes(5)
RUNBOOK: Final = "docs/runbook.md"


class Alarms(Construct):
    """Five alarms, so that two stages fit into the ten that an account has free.

    Each looks at one metric that AWS publishes for nothing; metric math would count as several.

    Attributes:
        all: the alarms by name.
    """

    def __init__(self, scope: Construct, id_: str, *, stage: str, email: str | None) -> None:
        super().__init__(scope, id_)
        self._topic = None if email is None else self._topic_to(email, stage)
        self.all: dict[str, cloudwatch.Alarm] = {}

    def add(
        self,
        name: str,
        metric: cloudwatch.IMetric,
        *,
        meaning: str,
        at_least: int = 1,
        periods: int = 1,
    ) -> None:
        """Add an alarm.

        Args:
            name: in words joined by dashes, which is the anchor of its section in the runbook.
            metric: what it looks at, by periods of five minutes.
            meaning: what has happened, as a sentence.
            at_least: from which value on a period counts.
            periods: how many of them in a row raise it.
        """
        alarm = cloudwatch.Alarm(
            self,
            "".join(word.capitalize() for word in name.split("-")),
            alarm_description=f"{meaning} What to do: {RUNBOOK}#{name}",
            metric=metric,
            threshold=at_least,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            evaluation_periods=periods,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        if self._topic is not None:
            alarm.add_alarm_action(actions.SnsAction(self._topic))
            alarm.add_ok_action(actions.SnsAction(self._topic))
        self.all[name] = alarm

    def _topic_to(self, email: str, stage: str) -> sns.Topic:
        """Return a topic that sends mail, once its receiver has confirmed the first message."""
        topic = sns.Topic(self, "Topic", enforce_ssl=True, display_name=f"Spaces {stage}")
        topic.add_subscription(subscriptions.EmailSubscription(email))
        # A policy replaces the default one, which lets the account's own services publish.
        topic.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}},
            )
        )
        return topic


def whole_account(metric: str) -> cloudwatch.Metric:
    """Return a metric of all functions of the account in this region."""
    return cloudwatch.Metric(
        namespace="AWS/Lambda", metric_name=metric, statistic="Sum", period=PERIOD
    )
