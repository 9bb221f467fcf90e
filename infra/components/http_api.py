"""The HTTP API. Its routes decide who may call what."""

from dataclasses import dataclass
from typing import Final, cast

from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_lambda as lambda_
from aws_cdk.aws_apigatewayv2_authorizers import HttpJwtAuthorizer
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration
from constructs import Construct

from infra.acknowledgements import acknowledge
from spaces.http_routes import (
    ADMINISTRATION_PATHS,
    EVERYBODY_PATHS,
    FLOODABLE,
    SIGNED_IN_PATHS,
    WAIT_PATHS,
)

ANY: Final = [apigatewayv2.HttpMethod.ANY]


@dataclass(frozen=True, kw_only=True)
class Rate:
    """The throttling limits that API Gateway applies before any function runs.

    Attributes:
        requests_per_second: steady rate limit.
        burst: burst limit.
    """

    requests_per_second: int
    burst: int

    def share(self, part: int) -> dict[str, int]:
        """Return the limits of a route that gets one of ``part`` equal parts."""
        return {
            "ThrottlingRateLimit": max(1, self.requests_per_second // part),
            "ThrottlingBurstLimit": max(1, self.burst // part),
        }


def http_api(scope: Construct, id_: str) -> apigatewayv2.HttpApi:
    """Create the API.

    It needs no CORS, because the page calls it on its own origin, through CloudFront.
    """
    api = apigatewayv2.HttpApi(
        scope, id_, description="WebSocket Spaces: REST API", create_default_stage=False
    )
    acknowledge(
        api,
        "AwsSolutions-APIG4",
        "Public spaces need no sign-in. All other routes have the JWT authorizer.",
    )
    return api


def add_http_routes(
    api: apigatewayv2.HttpApi,
    *,
    visitors: lambda_.IFunction,
    waiting: lambda_.IFunction,
    administration: lambda_.IFunction,
    authorizer: HttpJwtAuthorizer,
    scope: str,
) -> None:
    """Add all routes.

    Args:
        api: the HTTP API.
        visitors: handles everyone's calls and, under ``/v1/me``, those of signed-in users.
        waiting: handles calls that wait for a request.
        administration: handles calls of administrators.
        authorizer: accepts the page's access tokens.
        scope: the scope that a token must have.
    """
    to_visitors = HttpLambdaIntegration("ApiIntegration", visitors)
    to_administration = HttpLambdaIntegration("AdminIntegration", administration)
    for path in EVERYBODY_PATHS:
        api.add_routes(path=path, methods=ANY, integration=to_visitors)
    to_waiting = HttpLambdaIntegration("WaitIntegration", waiting)
    for path in WAIT_PATHS:
        api.add_routes(path=path, methods=ANY, integration=to_waiting)
    for route in FLOODABLE:
        method, path = route.split(" ")
        methods = [apigatewayv2.HttpMethod[method]]
        api.add_routes(path=path, methods=methods, integration=to_visitors)
    signed_in = dict.fromkeys(SIGNED_IN_PATHS, to_visitors)
    signed_in |= dict.fromkeys(ADMINISTRATION_PATHS, to_administration)
    for path, integration in signed_in.items():
        api.add_routes(
            path=path,
            methods=ANY,
            integration=integration,
            authorizer=authorizer,
            authorization_scopes=[scope],
        )


def add_http_stage(api: apigatewayv2.HttpApi, rate: Rate) -> apigatewayv2.HttpStage:
    """Publish the routes with throttling.

    Each route has its own count, so a flood of anonymous calls never blocks signed-in users.
    """
    stage = apigatewayv2.HttpStage(
        api,
        "Stage",
        http_api=api,
        stage_name="$default",
        auto_deploy=True,
        throttle=apigatewayv2.ThrottleSettings(
            rate_limit=rate.requests_per_second, burst_limit=rate.burst
        ),
    )
    resource = cast("apigatewayv2.CfnStage", stage.node.default_child)
    resource.route_settings = _route_settings(rate)
    # Route settings may only name existing routes.
    for child in api.node.children:
        if isinstance(child, apigatewayv2.HttpRoute):
            stage.node.add_dependency(child)
    acknowledge(
        stage,
        "AwsSolutions-APIG1",
        "The functions log what matters. Access logs would cost more than the calls.",
    )
    return stage


def _route_settings(rate: Rate) -> dict[str, dict[str, int]]:
    administration = {f"ANY {path}": rate.share(10) for path in ADMINISTRATION_PATHS}
    # A call holds its function for 25 s: at 20 a second, 500 run at the same time.
    waiting = {f"ANY {path}": rate.share(50) for path in WAIT_PATHS}
    return administration | waiting | {route: rate.share(4) for route in FLOODABLE}
