"""The streaming function: its URL, who may call it, and its way through CloudFront."""

import pytest

from infra.project import PROJECT_FOLDER
from tests.infra.conftest import Synthesize
from tests.infra.parts import behavior, distribution, function_named, headers
from tests.infra.templates import Resource, Template, as_text

PATHS = ("/openai/*", "/mcp", "/v1/stream/*")


def permissions(template: Template) -> list[Resource]:
    return [
        each for each in template.properties("AWS::Lambda::Permission") if each["Principal"] == "*"
    ]


def test_the_url_streams_and_needs_no_signature(prod: Template) -> None:
    (url,) = prod.properties("AWS::Lambda::Url")

    assert url["AuthType"] == "NONE"
    assert url["InvokeMode"] == "RESPONSE_STREAM"
    assert "Cors" not in url


def test_the_url_has_both_statements_that_lambda_asks_for_since_october_2025(
    prod: Template,
) -> None:
    by_action = {each["Action"]: each for each in permissions(prod)}

    assert set(by_action) == {"lambda:InvokeFunctionUrl", "lambda:InvokeFunction"}
    assert by_action["lambda:InvokeFunctionUrl"]["FunctionUrlAuthType"] == "NONE"
    assert by_action["lambda:InvokeFunction"]["InvokedViaFunctionUrl"] is True


def test_everybody_may_call_the_streaming_function_alone(prod: Template) -> None:
    (url,) = prod.properties("AWS::Lambda::Url")
    called = {as_text(each["FunctionName"]) for each in permissions(prod)}

    assert called == {as_text(url["TargetFunctionArn"])}
    assert "StreamFunction" in called.pop()


def test_the_function_is_started_by_the_runtime_of_the_asset(prod: Template) -> None:
    variables = function_named(prod, "stream")["Properties"]["Environment"]["Variables"]

    folder, path = variables["AWS_LAMBDA_EXEC_WRAPPER"].split("/var/task/")
    assert folder == ""
    assert (PROJECT_FOLDER / "functions" / path).stat().st_mode & 0o111 == 0o111


@pytest.mark.parametrize("path", PATHS)
def test_streams_are_neither_compressed_nor_cached(path: str, prod: Template) -> None:
    found = behavior(prod, path)

    assert found["Compress"] is False
    disabled = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"  # Managed-CachingDisabled
    assert found["CachePolicyId"] in (disabled, behavior(prod, "/v1/*")["CachePolicyId"])


def test_only_openai_calls_and_mcp_have_the_policy_that_forwards_authorization(
    prod: Template,
) -> None:
    api = behavior(prod, "/v1/*")["CachePolicyId"]

    assert behavior(prod, "/openai/*")["CachePolicyId"] == api
    assert behavior(prod, "/mcp")["CachePolicyId"] == api
    assert behavior(prod, "/v1/stream/*")["CachePolicyId"] != api


@pytest.mark.parametrize("path", PATHS)
def test_streams_go_to_the_url_and_may_pause_for_a_minute(path: str, prod: Template) -> None:
    wanted = behavior(prod, path)["TargetOriginId"]
    (origin,) = (each for each in distribution(prod)["Origins"] if each["Id"] == wanted)

    assert "FunctionUrl" in as_text(origin["DomainName"])
    assert origin["CustomOriginConfig"]["OriginReadTimeout"] == 60
    assert origin["CustomOriginConfig"]["OriginKeepaliveTimeout"] == 60
    assert origin["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"


@pytest.mark.parametrize("path", PATHS)
def test_streams_are_found_before_the_api(path: str, prod: Template) -> None:
    patterns = [each["PathPattern"] for each in distribution(prod)["CacheBehaviors"]]

    assert patterns.index(path) < patterns.index("/v1/*")


def test_mcp_gets_the_headers_that_repeat_its_messages(prod: Template) -> None:
    found = behavior(prod, "/mcp")
    policy = prod.resources[found["OriginRequestPolicyId"]["Ref"]]["Properties"]
    forwarded = policy["OriginRequestPolicyConfig"]["HeadersConfig"]["Headers"]

    assert {"MCP-Protocol-Version", "Mcp-Method", "Mcp-Name", "Origin"} <= set(forwarded)
    assert {"CloudFront-Viewer-Address", "Idempotency-Key", "Traceparent"} <= set(forwarded)
    assert len(forwarded) <= 10  # CloudFront's quota


def test_readers_can_say_where_they_stopped(prod: Template) -> None:
    found = behavior(prod, "/v1/stream/*")
    policy = prod.resources[found["OriginRequestPolicyId"]["Ref"]]["Properties"]
    forwarded = policy["OriginRequestPolicyConfig"]["HeadersConfig"]["Headers"]

    assert {"Last-Event-ID", "CloudFront-Viewer-Address"} <= set(forwarded)
    assert "Host" not in forwarded
    assert len(forwarded) <= 10  # CloudFront's quota
    assert headers(prod, "/v1/stream/*") == headers(prod)


def test_a_stage_may_bound_how_many_streams_run_at_once(synthesize: Synthesize) -> None:
    bounded = synthesize("dev", streams_at_once=3)

    stream = function_named(bounded, "stream")["Properties"]
    assert stream["ReservedConcurrentExecutions"] == 3
    assert "ReservedConcurrentExecutions" not in function_named(bounded, "api")["Properties"]
