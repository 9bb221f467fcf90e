import json
from typing import get_args

from spaces_protocol.worker_messages import AnyWorkerMessage
from tests.infra.templates import Resource, Template

ROUTE = "AWS::ApiGatewayV2::Route"


def socket_routes(template: Template) -> dict[str, Resource]:
    return {
        route["RouteKey"]: route
        for route in template.properties(ROUTE)
        if " " not in route["RouteKey"]
    }


def rest_routes(template: Template) -> dict[str, Resource]:
    routes = template.properties(ROUTE)
    return {route["RouteKey"]: route for route in routes if " " in route["RouteKey"]}


def authorizers(template: Template, type_: str) -> list[Resource]:
    every = template.properties("AWS::ApiGatewayV2::Authorizer")
    return [each for each in every if each["AuthorizerType"] == type_]


def stages(template: Template) -> list[Resource]:
    return template.properties("AWS::ApiGatewayV2::Stage")


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


def test_the_integration_of_ping_has_a_response_that_nobody_gets(prod: Template) -> None:
    """A non-proxy integration needs one; without a route response it is sent to nobody."""
    (response,) = prod.properties("AWS::ApiGatewayV2::IntegrationResponse")
    ping = socket_routes(prod)["ping"]

    assert response["IntegrationResponseKey"] == "$default"
    assert json.dumps(response["IntegrationId"]) in json.dumps(ping["Target"])
    assert "RouteResponseSelectionExpression" not in ping


def test_no_stage_accepts_calls_before_its_routes_are_there(prod: Template) -> None:
    every = prod.of_type(ROUTE)

    for stage in prod.of_type("AWS::ApiGatewayV2::Stage").values():
        api = stage["Properties"]["ApiId"]
        routes = {id_ for id_, each in every.items() if each["Properties"]["ApiId"] == api}
        assert routes
        assert routes <= set(stage.get("DependsOn", []))


def test_a_handshake_needs_the_authorizer(prod: Template) -> None:
    (authorizer,) = authorizers(prod, "REQUEST")

    assert socket_routes(prod)["$connect"]["AuthorizationType"] == "CUSTOM"
    assert authorizer["IdentitySource"] == ["route.request.header.Authorization"]


def test_rest_has_no_cors(prod: Template) -> None:
    apis = prod.properties("AWS::ApiGatewayV2::Api")

    assert not [api for api in apis if "CorsConfiguration" in api]


def test_only_signed_in_people_get_to_their_own_paths_and_to_administration(
    prod: Template,
) -> None:
    (authorizer,) = authorizers(prod, "JWT")

    routes = rest_routes(prod)
    checked = {key for key, route in routes.items() if route["AuthorizationType"] == "JWT"}

    assert checked == {"ANY /v1/me", "ANY /v1/me/{proxy+}", "ANY /v1/admin/{proxy+}"}
    assert {tuple(routes[key]["AuthorizationScopes"]) for key in checked} == {("openid",)}
    assert authorizer["IdentitySource"] == ["$request.header.Authorization"]
    assert len(authorizer["JwtConfiguration"]["Audience"]) == 1


def test_administration_and_waiting_have_functions_of_their_own(prod: Template) -> None:
    function_of = {
        key: json.dumps(integration_of(prod, route)["IntegrationUri"])
        for key, route in rest_routes(prod).items()
    }

    wait = "ANY /v1/spaces/{space}/requests/{request_id}/wait"
    assert "AdminFunction" in function_of.pop("ANY /v1/admin/{proxy+}")
    assert "WaitFunction" in function_of.pop(wait)
    assert all("ApiFunction" in uri for uri in function_of.values())


def test_a_flood_of_strangers_leaves_room_for_others(prod: Template) -> None:
    (stage,) = (each for each in stages(prod) if each["StageName"] == "$default")
    limits = {key: route["ThrottlingRateLimit"] for key, route in stage["RouteSettings"].items()}

    assert limits == {
        "POST /v1/spaces/{space}/requests": 250,
        "POST /v1/uploads": 250,
        "POST /v1/uploads/{upload_id}/{step}": 250,
        "ANY /v1/admin/{proxy+}": 100,
        "ANY /v1/spaces/{space}/requests/{request_id}/wait": 20,
    }
    assert limits.keys() <= rest_routes(prod).keys()


def test_both_apis_are_throttled(prod: Template) -> None:
    assert {stage["StageName"] for stage in stages(prod)} == {"v1", "$default"}
    for stage in stages(prod):
        assert stage["DefaultRouteSettings"]["ThrottlingRateLimit"] == 1000
        assert stage["DefaultRouteSettings"]["ThrottlingBurstLimit"] == 2000


def test_no_route_response_because_the_emulator_refuses_them(prod: Template) -> None:
    assert not prod.of_type("AWS::ApiGatewayV2::RouteResponse")
