"""A Lambda function with its own role and log group."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.acknowledgements import acknowledge


@dataclass(frozen=True, kw_only=True)
class FunctionOptions:
    """Options that all functions share."""

    code: lambda_.Code
    architecture: lambda_.Architecture
    log_retention: logs.RetentionDays
    log_level: str
    tracing: bool


RUNTIME: Final = "/var/task/streaming_runtime/start"
"""The script that Lambda runs instead of its own runtime. The asset is unpacked at /var/task."""


class GatewayFunction(Construct):
    """A function that runs ``spaces.handlers.<name>.handler``.

    A streaming one has 15 minutes, the most that Lambda allows, and a runtime of its own.

    Until it is granted more, it can only write to its own log group.

    Attributes:
        function: the Lambda function.
        role: its execution role.
        log_group: where it logs.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        environment: Mapping[str, str],
        options: FunctionOptions,
        memory: int,
        function_name: str | None = None,
        reserved_concurrency: int | None = None,
        recursive_loop: lambda_.RecursiveLoop | None = None,
        streaming: bool = False,
    ) -> None:
        super().__init__(scope, id_)
        self.log_group = logs.LogGroup(
            self, "Logs", retention=options.log_retention, removal_policy=RemovalPolicy.DESTROY
        )
        self.role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        self.log_group.grant_write(self.role)
        self.function = lambda_.Function(
            self,
            "Function",
            function_name=function_name,
            description=f"WebSocket Spaces: {name}",
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=options.architecture,
            code=options.code,
            handler=f"spaces.handlers.{name}.handler",
            role=self.role,
            log_group=self.log_group,
            memory_size=memory,
            # API Gateway gives up after 29 s, so nothing behind it may take longer.
            timeout=Duration.minutes(15) if streaming else Duration.seconds(28),
            reserved_concurrent_executions=reserved_concurrency,
            recursive_loop=recursive_loop,
            tracing=lambda_.Tracing.ACTIVE if options.tracing else lambda_.Tracing.DISABLED,
            environment={
                "POWERTOOLS_SERVICE_NAME": name,
                "POWERTOOLS_LOG_LEVEL": options.log_level,
                **({"AWS_LAMBDA_EXEC_WRAPPER": RUNTIME} if streaming else {}),
                **environment,
            },
        )
        acknowledge(
            self.function,
            "AwsSolutions-L1",
            "Python 3.13 had the fastest cold start of the managed Python runtimes tried.",
        )
        if options.tracing:
            acknowledge(
                self.role, "AwsSolutions-IAM5[Resource::*]", "X-Ray actions have no resource types."
            )

    def allow(self, actions: list[str], resource: str) -> None:
        """Allow actions on a resource (an ARN, possibly with wildcards)."""
        self.role.add_to_principal_policy(
            iam.PolicyStatement(actions=actions, resources=[resource])
        )
        if "*" in resource:
            self._acknowledge_pattern(resource)

    def _acknowledge_pattern(self, resource: str) -> None:
        stack = Stack.of(self)
        finding = resource_finding(stack, resource)
        reason = (
            "Connections and objects are created at run time, so only their prefix is known here."
        )
        acknowledge(self.role, f"AwsSolutions-IAM5[Resource::{finding}]", reason)


def resource_finding(stack: Stack, resource: str) -> str:
    """Return a resource as cdk-nag spells it in a finding."""
    return _flatten(stack.resolve(resource))


def _flatten(value: object) -> str:
    match value:
        case {"Fn::Join": [separator, parts]}:
            return str(separator).join(_flatten(part) for part in parts)
        case {"Fn::GetAtt": [logical_id, attribute]}:
            return f"<{logical_id}.{attribute}>"
        case {"Ref": name}:
            return f"<{name}>"
        case {"Fn::ImportValue": name}:
            return str(name)
        case _:
            return str(value)
