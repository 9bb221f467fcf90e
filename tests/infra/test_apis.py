import json
from typing import get_args

from spaces_protocol.worker_messages import AnyWorkerMessage
from tests.infra.templates import Resource, Template

ROUTE = "AWS::ApiGatewayV2::Route"


def socket_routes(template: Template) -> dict[str, Resource]:
    return {
        route["RouteKey"]: route
        for route in template.properties(ROUTE)
        if not route["RouteKey"].startswith("ANY ")
    }


def integration_of(template: Template, route: Resource) -> Resource:
    logical_id = json.dumps(route["Target"]).rpartition('"Ref": "')[2].partition('"')[0]
    properties: Resource = template.resources[logical_id]["Properties"]
    return properties


def test_every_action_of_the_protocol_has_a_route_and_no_other_has(prod: Template) -> None:
    actions = {message.__struct_config__.tag for message in get_args(AnyWorkerMessage)}

    assert socket_routes(prod).keys() == actions | {"$connect", "$disconnect", "$default"}


def test_ping_costs_no_function(prod: Template) -> None:
    ping = integration_of(prod, socket_routes(prod)["ping"])

    assert ping["IntegrationType"] == "MOCK"
    assert json.loads(ping["RequestTemplates"][ping["TemplateSelectionExpression"]]) == {
        "statusCode": 200
    }


def test_a_handshake_needs_the_authorizer(prod: Template) -> None:
    (authorizer,) = prod.properties("AWS::ApiGatewayV2::Authorizer")

    assert socket_routes(prod)["$connect"]["AuthorizationType"] == "CUSTOM"
    assert authorizer["AuthorizerType"] == "REQUEST"
    assert authorizer["IdentitySource"] == ["route.request.header.Authorization"]


def test_rest_has_one_route_and_no_cors(prod: Template) -> None:
    routes = [r["RouteKey"] for r in prod.properties(ROUTE) if r["RouteKey"].startswith("ANY ")]
    apis = prod.properties("AWS::ApiGatewayV2::Api")

    assert routes == ["ANY /v1/{proxy+}"]
    assert not [api for api in apis if "CorsConfiguration" in api]


def test_both_apis_are_throttled(prod: Template) -> None:
    stages = prod.properties("AWS::ApiGatewayV2::Stage")

    assert {stage["StageName"] for stage in stages} == {"v1", "$default"}
    for stage in stages:
        assert stage["DefaultRouteSettings"]["ThrottlingRateLimit"] == 1000
        assert stage["DefaultRouteSettings"]["ThrottlingBurstLimit"] == 2000


def test_no_route_response_because_the_emulator_refuses_them(prod: Template) -> None:
    assert not prod.of_type("AWS::ApiGatewayV2::RouteResponse")
