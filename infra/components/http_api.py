"""The HTTP API: everything under /v1 goes to one function."""

from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_lambda as lambda_
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration
from constructs import Construct

from infra.acknowledgements import acknowledge


def http_api(
    scope: Construct,
    id_: str,
    *,
    function: lambda_.IFunction,
    requests_per_second: int,
    burst: int,
) -> apigatewayv2.HttpApi:
    """Create the API with its default stage, throttled.

    No CORS: the page calls it on its own origin, through CloudFront.
    """
    api = apigatewayv2.HttpApi(
        scope, id_, description="WebSocket Spaces: REST API", create_default_stage=False
    )
    api.add_routes(
        path="/v1/{proxy+}",
        methods=[apigatewayv2.HttpMethod.ANY],
        integration=HttpLambdaIntegration("ApiIntegration", function),
    )
    stage = apigatewayv2.HttpStage(
        api,
        "Stage",
        http_api=api,
        stage_name="$default",
        auto_deploy=True,
        throttle=apigatewayv2.ThrottleSettings(rate_limit=requests_per_second, burst_limit=burst),
    )
    acknowledge(
        stage,
        "AwsSolutions-APIG1",
        "The function logs what matters; access logs would cost more than the calls.",
    )
    acknowledge(
        api,
        "AwsSolutions-APIG4",
        "Spaces are public until sign-in exists; the function checks everything else.",
    )
    return api
