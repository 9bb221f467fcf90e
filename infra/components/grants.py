"""Turn the access table into policies and environment variables."""

from dataclasses import dataclass

from aws_cdk import Stack
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from infra.access import Access
from infra.components.lambda_function import GatewayFunction
from infra.components.sweep_timer import SweepTimer
from infra.components.tables import Tables
from spaces import schema


@dataclass(frozen=True, kw_only=True)
class Resources:
    """Resources that functions can be granted access to.

    Attributes:
        tables: the three tables.
        files: the bucket of uploads, outputs and long results.
        files_url: the URL prefix of the bucket's keys.
        sockets: the WebSocket API.
        socket_stage: the name of its stage. A reference would be circular, because the stage
            depends on the functions.
        socket_endpoint: the endpoint of its @connections API.
        socket_url: the WebSocket URL for workers.
        sweep_timer: the schedules that sweep spaces and deliver webhooks.
        api_url: the base URL of the API, as callers know it.
        local: whether this is the local cloud.
        user_pool: the users.
        edge_key: the value that marks calls through this stack's distribution.
    """

    tables: Tables
    files: s3.IBucket
    files_url: str
    sockets: apigatewayv2.WebSocketApi
    socket_stage: str
    socket_endpoint: str
    socket_url: str
    sweep_timer: SweepTimer
    api_url: str
    local: bool
    user_pool: cognito.IUserPool
    edge_key: str


def environment_for(access: Access, resources: Resources) -> dict[str, str]:
    """Return the environment variables that a function with this access needs, and no others."""
    tables, timer = resources.tables, resources.sweep_timer
    webhooks = access.webhooks or access.webhook_timer
    schedules = access.sweep_timer or webhooks
    candidates = {
        "SPACES_TABLE": (access.spaces, tables.spaces.table_name),
        "CONNECTIONS_TABLE": (access.connections, tables.connections.table_name),
        "REQUESTS_TABLE": (access.requests, tables.requests.table_name),
        "FILES_BUCKET": (access.files, resources.files.bucket_name),
        "FILES_URL": (access.files_url, resources.files_url),
        "SOCKET_ENDPOINT": (access.sockets, resources.socket_endpoint),
        "SOCKET_URL": (access.socket_url, resources.socket_url),
        "SCHEDULE_GROUP": (schedules, timer.group_name),
        "SWEEP_ARN": (access.sweep_timer, timer.function_arn),
        "SWEEP_ROLE_ARN": (schedules, timer.role.role_arn),
        "WEBHOOK_ARN": (webhooks, timer.webhook_arn),
        "WEBHOOKS_TO_LOOPBACK": (webhooks and resources.local, "1"),
        "API_URL": (access.webhook_timer, resources.api_url),
        "USER_POOL_ID": (access.people, resources.user_pool.user_pool_id),
        "EDGE_KEY": (access.edge_key, resources.edge_key),
    }
    return {name: value for name, (actions, value) in candidates.items() if actions}


def grant(function: GatewayFunction, access: Access, resources: Resources) -> None:
    """Grant a function what its row of the access table says."""
    tables = resources.tables
    _grant_table(function, tables.spaces, access.spaces)
    _grant_table(function, tables.connections, access.connections)
    _grant_table(function, tables.requests, access.requests)
    if access.listing:
        index = f"{tables.spaces.table_arn}/index/{schema.PUBLIC_SPACES_INDEX}"
        function.allow(["dynamodb:Query"], index)
    if access.owned:
        index = f"{tables.requests.table_arn}/index/{schema.REQUESTS_BY_OWNER_INDEX}"
        function.allow(["dynamodb:Query"], index)
    for method in access.sockets:
        function.allow(["execute-api:ManageConnections"], _connections_arn(resources, method))
    _grant_runs(function, access, resources.sweep_timer)
    if access.people:
        pool_actions = [f"cognito-idp:{action}" for action in access.people]
        function.allow(pool_actions, resources.user_pool.user_pool_arn)
    for prefix, actions in access.files.items():
        # Exported explicitly so that cdk-nag's finding can be named before synthesis.
        files_arn = Stack.of(resources.files).export_value(resources.files.bucket_arn)
        function.allow([f"s3:{action}" for action in actions], f"{files_arn}/{prefix}/*")


def _grant_runs(function: GatewayFunction, access: Access, timer: SweepTimer) -> None:
    """Let a function start other functions, at once or by a schedule."""
    if access.sweep_timer:
        function.allow(["lambda:InvokeFunction"], timer.function_arn)
    if access.webhooks:
        function.allow(["lambda:InvokeFunction"], timer.webhook_arn)
    if not (access.sweep_timer or access.webhooks or access.webhook_timer):
        return
    function.allow(["scheduler:CreateSchedule"], timer.schedules_arn())
    function.role.add_to_principal_policy(
        iam.PolicyStatement(
            actions=["iam:PassRole"],
            resources=[timer.role.role_arn],
            conditions={"StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}},
        )
    )


def _grant_table(
    function: GatewayFunction, table: dynamodb.TableV2, actions: tuple[str, ...]
) -> None:
    if actions:
        function.allow([f"dynamodb:{action}" for action in actions], table.table_arn)


def _connections_arn(resources: Resources, method: str) -> str:
    return Stack.of(resources.sockets).format_arn(
        service="execute-api",
        resource=resources.sockets.api_id,
        resource_name=f"{resources.socket_stage}/{method}/@connections/*",
    )
