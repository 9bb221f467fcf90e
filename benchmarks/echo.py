"""An echo behind an HTTP API of the local cloud: the least that a call of a function takes."""

import io
import json
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from secrets import token_hex
from typing import Any, Final

import httpx

from infra.local.cloud import LocalCloud

_CODE: Final = """
def handler(event, context):
    return {"statusCode": 200, "body": event.get("body", "")}
"""
_TRUST: Final = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}


@contextmanager
def echo_url(cloud: LocalCloud) -> Iterator[str]:
    """Deploy the echo, yield its address, and delete it."""
    function, api = _deploy(cloud, f"echo-{token_hex(3)}")
    try:
        yield f"http://localhost:{cloud.port}/_aws/execute-api/{api}/echo"
    finally:
        cloud.aws("apigatewayv2").delete_api(ApiId=api)
        cloud.aws("lambda").delete_function(FunctionName=function)


@contextmanager
def echo(cloud: LocalCloud) -> Iterator[Callable[[], float]]:
    """Yield what calls the echo and returns the seconds of the round trip."""
    with echo_url(cloud) as url, httpx.Client(trust_env=False, timeout=60) as http:

        def call() -> float:
            began = time.perf_counter()
            assert http.post(url, json="hello").json() == "hello"
            return time.perf_counter() - began

        call()
        yield call


def _deploy(cloud: LocalCloud, name: str) -> tuple[str, str]:
    role = cloud.aws("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(_TRUST))
    function = cloud.aws("lambda").create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role=role["Role"]["Arn"],
        Handler="echo.handler",
        Code={"ZipFile": _zipped()},
    )
    gateway: Any = cloud.aws("apigatewayv2")
    api: str = gateway.create_api(Name=name, ProtocolType="HTTP")["ApiId"]
    integration = gateway.create_integration(
        ApiId=api,
        IntegrationType="AWS_PROXY",
        IntegrationUri=function["FunctionArn"],
        PayloadFormatVersion="2.0",
    )
    target = f"integrations/{integration['IntegrationId']}"
    gateway.create_route(ApiId=api, RouteKey="POST /echo", Target=target)
    gateway.create_stage(ApiId=api, StageName="$default", AutoDeploy=True)
    return name, api


def _zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("echo.py", _CODE)
    return file.getvalue()
