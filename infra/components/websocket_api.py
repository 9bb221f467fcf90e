"""The WebSocket API: one route per action, and ``ping`` without a function."""

from collections.abc import Mapping

from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_lambda as lambda_
from aws_cdk.aws_apigatewayv2_authorizers import WebSocketLambdaAuthorizer
from aws_cdk.aws_apigatewayv2_integrations import (
    WebSocketLambdaIntegration,
    WebSocketMockIntegration,
)
from constructs import Construct

from infra.acknowledgements import acknowledge

STAGE_NAME = "v1"

ROUTE_KEYS: Mapping[str, str] = {
    "connect": "$connect",
    "disconnect": "$disconnect",
    "unknown": "$default",
}
"""Route keys that differ from the function's name; every other route key is the action."""


def websocket_api(scope: Construct, id_: str) -> apigatewayv2.WebSocketApi:
    """Create the API. A message's ``action`` selects the route."""
    return apigatewayv2.WebSocketApi(
        scope,
        id_,
        description="WebSocket Spaces: worker connections",
        route_selection_expression="$request.body.action",
    )


def add_routes(
    api: apigatewayv2.WebSocketApi,
    functions: Mapping[str, lambda_.IFunction],
    authorizer: lambda_.IFunction,
    *,
    local: bool,
) -> None:
    """Add the functions' routes and ``ping``.

    Args:
        api: the WebSocket API.
        functions: functions by name. The name is the action, except for ``ROUTE_KEYS``.
        authorizer: decides whether a handshake may proceed.
        local: whether the API is on the emulator, which has no integration responses.
    """
    for name, function in functions.items():
        api.add_route(
            ROUTE_KEYS.get(name, name),
            integration=WebSocketLambdaIntegration(f"{name.capitalize()}Integration", function),
            authorizer=_authorizer(authorizer) if name == "connect" else None,
        )
    ping = api.add_route(
        "ping",
        integration=WebSocketMockIntegration(
            "PingIntegration",
            request_templates={"200": '{"statusCode":200}'},
            template_selection_expression="200",
        ),
    )
    if not local:
        _accept_every_result(api, ping)
    acknowledge(
        api,
        "AwsSolutions-APIG4",
        "API Gateway authorizes a connection once, at $connect. Other routes need no authorizer.",
    )


def _accept_every_result(
    api: apigatewayv2.WebSocketApi, route: apigatewayv2.WebSocketRoute
) -> None:
    """Give a route's integration the response that it must have.

    A non-proxy integration must have at least one integration response, and ``$default`` is chosen
    when no other one fits. What it says is sent to nobody, because the route has no route response.
    Sources: "Set up a WebSocket API integration response in API Gateway", "Set up route responses
    for WebSocket APIs in API Gateway".
    """
    integration = next(
        child
        for child in route.node.children
        if isinstance(child, apigatewayv2.WebSocketIntegration)
    )
    apigatewayv2.CfnIntegrationResponse(
        route,
        "Response",
        api_id=api.api_id,
        integration_id=integration.integration_id,
        integration_response_key="$default",
    )


def _authorizer(function: lambda_.IFunction) -> WebSocketLambdaAuthorizer:
    return WebSocketLambdaAuthorizer(
        "TokenAuthorizer", function, identity_source=["route.request.header.Authorization"]
    )


def add_stage(
    api: apigatewayv2.WebSocketApi, *, requests_per_second: int, burst: int
) -> apigatewayv2.WebSocketStage:
    """Publish the routes with throttling."""
    stage = apigatewayv2.WebSocketStage(
        api,
        "Stage",
        web_socket_api=api,
        stage_name=STAGE_NAME,
        auto_deploy=True,
        throttle=apigatewayv2.ThrottleSettings(rate_limit=requests_per_second, burst_limit=burst),
    )
    # Otherwise the stage could be there first and accept workers whose messages have no route yet.
    for child in api.node.children:
        if isinstance(child, apigatewayv2.WebSocketRoute):
            stage.node.add_dependency(child)
    acknowledge(
        stage,
        "AwsSolutions-APIG1",
        "The functions log what matters. Access logs would cost more than the messages.",
    )
    return stage
