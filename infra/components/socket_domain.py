"""A domain of the operator's own for workers."""

from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_certificatemanager as acm
from constructs import Construct


def socket_domain(
    scope: Construct,
    id_: str,
    *,
    name: str,
    certificate_arn: str,
    stage: apigatewayv2.WebSocketStage,
) -> apigatewayv2.DomainName:
    """Map ``wss://<name>/<stage>`` to a stage of the WebSocket API, whose own address stays.

    Source: "Custom domain names for WebSocket APIs in API Gateway".

    Args:
        scope: the parent construct.
        id_: the construct id.
        name: the host name.
        certificate_arn: its certificate, in the stage's region.
        stage: the stage of the WebSocket API.
    """
    certificate = acm.Certificate.from_certificate_arn(scope, f"{id_}Certificate", certificate_arn)
    domain = apigatewayv2.DomainName(scope, id_, domain_name=name, certificate=certificate)
    apigatewayv2.ApiMapping(
        scope,
        f"{id_}Mapping",
        api=stage.api,
        domain_name=domain,
        stage=stage,
        api_mapping_key=stage.stage_name,
    )
    return domain
