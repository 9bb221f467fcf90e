"""The sweep timer: a schedule group, a role that may sweep, and a dead-letter queue."""

from aws_cdk import ArnFormat, Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_destinations as destinations
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.acknowledgements import acknowledge
from infra.components.alarms import PERIOD, Alarms

RETRIES = 2
"""How often Lambda retries a failed sweep or webhook; never 0."""
RECURSIVE_LOOP = lambda_.RecursiveLoop.ALLOW
"""While no timer can be armed, sweeps start one another, at most for ``LONGEST_CHAIN``. By default,
Lambda stops a function that "is invoked approximately 16 times in the same chain of requests"
(https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html)."""
FAILING_MINUTES = 15
"""How long sweeps may fail before an alarm; less would be one throttled call and its repetition."""


class SweepTimer(Construct):
    """One-shot schedules that sweep spaces. An idle space has no schedule.

    The sweep function has a fixed name, because functions that are created before it, and the sweep
    function itself, create schedules that invoke it.

    Attributes:
        group_name: the schedule group.
        function_name: the name that the sweep function must have.
        function_arn: the ARN of that function.
        webhook_name: the name that the function for webhooks must have; likewise.
        webhook_arn: the ARN of that function.
        role: the scheduler's role, which may only invoke these functions.
    """

    def __init__(self, scope: Construct, id_: str, *, stage: str, local: bool) -> None:
        super().__init__(scope, id_)
        stack = Stack.of(self)
        # The emulator's IAM treats every schedule as part of the default group.
        self.group_name = "default" if local else f"spaces-{stage}"
        self.function_name = f"spaces-{stage}-sweep"
        self.function_arn = _function_arn(stack, self.function_name)
        self.webhook_name = f"spaces-{stage}-webhook"
        self.webhook_arn = _function_arn(stack, self.webhook_name)
        if not local:
            group = scheduler.CfnScheduleGroup(self, "Group", name=self.group_name)
            group.apply_removal_policy(RemovalPolicy.DESTROY)
        self.role = iam.Role(
            self, "Role", assumed_by=iam.ServicePrincipal("scheduler.amazonaws.com")
        )
        self.role.add_to_principal_policy(
            iam.PolicyStatement(
                actions=["lambda:InvokeFunction"],
                resources=[self.function_arn, self.webhook_arn],
            )
        )

    def schedules_arn(self) -> str:
        """Return the ARN pattern of all schedules in the group."""
        return Stack.of(self).format_arn(
            service="scheduler", resource="schedule", resource_name=f"{self.group_name}/*"
        )

    def catch_failures(
        self, sweep: lambda_.Function, webhook: lambda_.Function, alarms: Alarms
    ) -> sqs.Queue:
        """Retry what failed, then keep its event; raise an alarm for that and for many sweeps.

        Returns:
            The queue of kept events.
        """
        queue = sqs.Queue(
            self,
            "Failed",
            enforce_ssl=True,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            retention_period=Duration.days(14),
            removal_policy=RemovalPolicy.DESTROY,
        )
        acknowledge(queue, "AwsSolutions-SQS3", "It is itself a dead-letter queue.")
        for function in (sweep, webhook):
            function.configure_async_invoke(
                on_failure=destinations.SqsDestination(queue), retry_attempts=RETRIES
            )
        alarms.add(
            "event-kept",
            queue.metric_approximate_number_of_messages_visible(period=PERIOD, statistic="Maximum"),
            meaning="A sweep or a webhook failed after all retries; its event is kept.",
        )
        alarms.add(
            "sweeps-fail",
            sweep.metric_errors(period=PERIOD, statistic="Sum"),
            meaning=f"Sweeps have failed for {FAILING_MINUTES} minutes.",
            periods=FAILING_MINUTES // int(PERIOD.to_minutes()),
        )
        return queue


def _function_arn(stack: Stack, name: str) -> str:
    return stack.format_arn(
        service="lambda",
        resource="function",
        resource_name=name,
        arn_format=ArnFormat.COLON_RESOURCE_NAME,
    )
