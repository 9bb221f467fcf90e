"""A foreign origin gets nothing: no CORS, no cookies, nothing that a form or a fetch could do."""

from collections.abc import Mapping
from urllib.parse import urlsplit

import httpx
import pytest

from tests.local_cloud import DeployedCloud

pytestmark = pytest.mark.local

FOREIGN = "https://elsewhere.example"
PATHS = ("/v1/spaces", "/v1/me", "/v1/admin/spaces", "/v1/openapi.json")

UNASKED = (
    "text/plain;charset=UTF-8",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    None,
)
"""The types that a browser lets any page send without asking first."""
SUBMISSION = b'{"input": {"prompt": "Not by this visitor."}}'


def as_a_foreign_page(
    cloud: DeployedCloud,
    method: str,
    path: str,
    headers: Mapping[str, str],
    content: bytes | None = None,
) -> list[httpx.Response]:
    """Ask at the API's own address, and on the origin of the page."""
    host = urlsplit(cloud.page_url).netloc
    asked = {"Origin": FOREIGN} | dict(headers)
    with httpx.Client(trust_env=False, timeout=20) as client:
        return [
            client.request(method, f"{address}{path}", headers=asked | there, content=content)
            for address, there in (
                (cloud.api_url, {}),
                (cloud.cloud.emulator_url, {"Host": host}),
            )
        ]


@pytest.mark.parametrize("path", PATHS)
def test_a_foreign_page_may_read_no_answer(path: str, deployed_cloud: DeployedCloud) -> None:
    for answer in as_a_foreign_page(deployed_cloud, "GET", path, {}):
        assert not [name for name in answer.headers if name.startswith("access-control-")]
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", PATHS)
def test_a_foreign_page_is_not_let_send_headers_or_json(
    path: str, deployed_cloud: DeployedCloud
) -> None:
    asked = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }

    for answer in as_a_foreign_page(deployed_cloud, "OPTIONS", path, asked):
        assert not [name for name in answer.headers if name.startswith("access-control-allow")]


@pytest.mark.parametrize("path", PATHS)
def test_a_foreign_page_is_not_let_send_put_or_delete(
    path: str, deployed_cloud: DeployedCloud
) -> None:
    for method in ("PUT", "DELETE"):
        asked = {"Access-Control-Request-Method": method}
        for answer in as_a_foreign_page(deployed_cloud, "OPTIONS", path, asked):
            assert not [name for name in answer.headers if name.startswith("access-control-allow")]


@pytest.mark.parametrize("kind", UNASKED)
@pytest.mark.parametrize("path", ["/v1/spaces/{space}/requests", "/v1/uploads"])
def test_what_a_foreign_page_may_send_unasked_is_taken_for_nothing(
    path: str, kind: str | None, deployed_cloud: DeployedCloud
) -> None:
    space = deployed_cloud.create_space().space
    headers = {} if kind is None else {"Content-Type": kind}

    answers = as_a_foreign_page(
        deployed_cloud, "POST", path.format(space=space), headers, SUBMISSION
    )

    with httpx.Client(base_url=deployed_cloud.api_url, trust_env=False, timeout=20) as client:
        view = client.get(f"/v1/spaces/{space}").json()
    assert [answer.json()["error_type"] for answer in answers] == ["unsupported_media_type"] * 2
    assert [answer.status_code for answer in answers] == [415, 415]
    assert view["queue_length"] == 0


def test_the_page_may_not_be_framed(deployed_cloud: DeployedCloud) -> None:
    _, page = as_a_foreign_page(deployed_cloud, "GET", "/index.html", {})

    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert page.headers["x-frame-options"] == "DENY"


def test_addresses_in_answers_do_not_follow_a_made_up_host(deployed_cloud: DeployedCloud) -> None:
    space = deployed_cloud.create_space()
    url = f"{deployed_cloud.api_url}/v1/spaces/{space.space}/requests"
    headers = {"X-Forwarded-Host": "elsewhere.example", "Forwarded": "host=elsewhere.example"}

    answer = httpx.post(
        url, json={"input": {"prompt": "Hi"}}, headers=headers, trust_env=False, timeout=20
    )

    assert answer.status_code == 202
    assert "elsewhere.example" not in answer.text + str(answer.headers)
