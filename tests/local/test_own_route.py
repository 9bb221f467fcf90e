"""Calls by a route that is not their own, on the deployed system."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.local_cloud import DeployedCloud

pytestmark = pytest.mark.local

UPLOAD = {"name": "a.wav", "content_type": "audio/wav", "size": 4}
SUBMIT_ROUTE, UPLOAD_ROUTE = "POST /v1/spaces/{space}/requests", "POST /v1/uploads"


@pytest.fixture
def api(deployed_cloud: DeployedCloud) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=deployed_cloud.api_url, trust_env=False, timeout=30) as client:
        yield client


@pytest.fixture
def without_routes(deployed_cloud: DeployedCloud) -> Iterator[None]:
    """Take the routes of floodable calls away, so that these fall to the open route."""
    client: Any = deployed_cloud.cloud.aws("apigatewayv2")
    apis = [each for each in client.get_apis()["Items"] if each["ProtocolType"] == "HTTP"]
    removed = [
        (each["ApiId"], route)
        for each in apis
        for route in client.get_routes(ApiId=each["ApiId"], MaxResults="100")["Items"]
        if route["RouteKey"] in (SUBMIT_ROUTE, UPLOAD_ROUTE)
    ]
    for api_id, route in removed:
        client.delete_route(ApiId=api_id, RouteId=route["RouteId"])
    yield
    for api_id, route in removed:
        client.create_route(ApiId=api_id, RouteKey=route["RouteKey"], Target=route["Target"])


def _send(api: httpx.Client, path: str, body: dict[str, Any]) -> httpx.Response:
    # As it is: httpx would tidy the escapes of a path.
    target = api.base_url.raw_path.rstrip(b"/") + path.encode()
    return api.post("/", json=body, extensions={"target": target})


@pytest.mark.usefixtures("without_routes")
def test_a_floodable_call_by_the_open_route_is_404(
    deployed_cloud: DeployedCloud, api: httpx.Client
) -> None:
    space = deployed_cloud.create_space(features=["prompt", "audio"]).space

    answers = [
        _send(api, f"/v1/spaces/{space}/requests", {"input": {"prompt": "Hello"}}),
        _send(api, "/v1/uploads", {"space": space, **UPLOAD}),
    ]

    found = [(answer.status_code, answer.json()["error_type"]) for answer in answers]
    assert found == [(404, "not_found")] * 2


@pytest.mark.parametrize("slash", ["/", "%2F"])
@pytest.mark.parametrize("letter", ["s", "%73"])
def test_an_escaped_path_that_takes_its_own_route_is_served(
    deployed_cloud: DeployedCloud, api: httpx.Client, letter: str, slash: str
) -> None:
    """The emulator decodes a path before it chooses the route, so these are at their own rate."""
    space = deployed_cloud.create_space().space

    answer = _send(api, f"/v1/{letter}paces/{space}{slash}requests", {"input": {"prompt": "Hello"}})

    assert answer.status_code == 202
