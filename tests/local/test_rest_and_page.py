from urllib.parse import urlsplit

import httpx
import pytest

from infra.page import build_page, versioned_files
from infra.page_policy import content_security_policy
from tests.local_cloud import DeployedCloud

pytestmark = pytest.mark.local


def on_the_page_origin(cloud: DeployedCloud, path: str) -> httpx.Response:
    """Ask as a browser does, which resolves ``*.localhost`` itself."""
    host = urlsplit(cloud.page_url).netloc
    url = f"{cloud.cloud.emulator_url}{path}"
    return httpx.get(url, headers={"Host": host}, trust_env=False, timeout=20)


def test_the_page_comes_with_its_security_policy(deployed_cloud: DeployedCloud) -> None:
    page = on_the_page_origin(deployed_cloud, "/")

    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "no-cache"
    emulator = deployed_cloud.cloud.emulator_url
    assert page.headers["content-security-policy"] == content_security_policy(
        files_origin=emulator,
        sign_in_origins=[emulator],
        stream_origin=deployed_cloud.status.stream_url.removesuffix("/v1/stream"),
    )
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["cross-origin-opener-policy"] == "same-origin"


def test_the_libraries_of_the_page_are_modules(deployed_cloud: DeployedCloud) -> None:
    version = versioned_files(build_page()).name

    for name in ("marked", "purify"):
        library = on_the_page_origin(deployed_cloud, f"/{version}/vendor/{name}.js")

        assert library.status_code == 200
        assert library.headers["content-type"] == "text/javascript; charset=utf-8"
        assert "immutable" in library.headers["cache-control"]


def test_the_api_answers_on_the_origin_of_the_page(deployed_cloud: DeployedCloud) -> None:
    space = deployed_cloud.create_space(title="On one origin")

    seen = on_the_page_origin(deployed_cloud, f"/v1/spaces/{space.space}")

    assert seen.status_code == 200
    assert seen.json()["title"] == "On one origin"
    assert "content-security-policy" in seen.headers


def test_errors_of_the_api_come_through_unchanged(deployed_cloud: DeployedCloud) -> None:
    unknown = on_the_page_origin(deployed_cloud, "/v1/spaces/not-there")

    assert unknown.status_code == 404
    assert unknown.json()["error_type"] == "unknown_space"


def test_the_page_bucket_is_not_public(deployed_cloud: DeployedCloud) -> None:
    s3 = deployed_cloud.cloud.aws("s3")
    (bucket,) = [
        bucket["Name"] for bucket in s3.list_buckets()["Buckets"] if "sitebucket" in bucket["Name"]
    ]

    direct = httpx.get(
        f"{deployed_cloud.cloud.emulator_url}/{bucket}/index.html", trust_env=False, timeout=20
    )

    assert direct.status_code == 403
