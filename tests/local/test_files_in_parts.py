"""Large files in parts, on the deployed system: up, resumed, completed, refused."""

from secrets import token_bytes, token_urlsafe
from typing import Any

import httpx
import pytest

from infra.local.iam_decisions import read_decisions
from infra.local.status import LocalSpace
from spaces_protocol.limits import MAX_FILE_BYTES, MIN_PART_BYTES, PARTS_ABOVE_BYTES
from tests.local.support.connections import dial
from tests.local.support.files import MEGABYTE, NAME, begin, checksum, hear, submit
from tests.local.support.grants import Grant, used
from tests.local_cloud import DeployedCloud

pytestmark = pytest.mark.local

SIZE = PARTS_ABOVE_BYTES + 5
CONTENT = token_bytes(SIZE)


class Upload:
    """A file in parts that was announced."""

    def __init__(self, cloud: DeployedCloud, http: httpx.Client, space: str, size: int) -> None:
        self.http, self.root, self.space = http, f"{cloud.api_url}/v1/uploads", space
        self.begun = begin(cloud, http, space, size=size, name=NAME).json()

    @property
    def upload_id(self) -> str:
        return str(self.begun["upload_id"])

    def ask(self, step: str, upload_id: str | None = None, **fields: str) -> httpx.Response:
        named = {"space": self.space, "multipart_id": self.begun["multipart"]["multipart_id"]}
        path = f"{self.root}/{upload_id or self.upload_id}/{step}"
        return self.http.post(path, json={**named, **fields})

    def missing(self) -> list[dict[str, Any]]:
        parts: list[dict[str, Any]] = self.ask("parts").json()["parts"]
        return parts

    def put(self, content: bytes, *numbers: int) -> None:
        for part in self.begun["multipart"]["parts"]:
            if not numbers or part["number"] in numbers:
                put(self.http, part, content).raise_for_status()


def put(http: httpx.Client, part: dict[str, Any], content: bytes) -> httpx.Response:
    piece = content[part["offset"] : part["offset"] + part["size"]]
    return http.put(part["url"], content=piece)


@pytest.fixture(scope="module")
def space(deployed_cloud: DeployedCloud) -> LocalSpace:
    return deployed_cloud.create_space(features=["audio"], max_file_bytes=MAX_FILE_BYTES)


@pytest.fixture
def http() -> Any:
    with httpx.Client(trust_env=False, timeout=60) as client:
        yield client


@pytest.fixture
def upload(deployed_cloud: DeployedCloud, http: httpx.Client, space: LocalSpace) -> Upload:
    return Upload(deployed_cloud, http, space.space, SIZE)


def test_file_in_parts_reaches_the_worker_unharmed_with_what_was_missing_sent_later(
    deployed_cloud: DeployedCloud, http: httpx.Client, space: LocalSpace, upload: Upload
) -> None:
    upload.put(CONTENT, 1, 3)
    early = upload.ask("complete")
    (part,) = upload.missing()
    put(http, part, CONTENT).raise_for_status()
    completed = upload.ask("complete")

    with dial(deployed_cloud, space) as link:
        link.register(space.space)
        submit(deployed_cloud, http, space.space, upload.upload_id).raise_for_status()
        (given,) = hear(link, "request")["input"]["files"]

    assert (early.status_code, early.json()["error_type"]) == (409, "upload_incomplete")
    assert "missing: 2. Get their URLs with" in early.json()["detail"]
    assert part["number"] == 2
    assert completed.status_code == 204
    assert (given["name"], given["content_type"], given["size"]) == (NAME, "audio/wav", SIZE)
    assert checksum(http.get(given["url"]).content) == checksum(CONTENT)


@pytest.mark.parametrize("change", [b"", b"x" * (MIN_PART_BYTES + 1), b"x"])
def test_the_storage_takes_a_part_of_the_signed_length_only(
    http: httpx.Client, upload: Upload, change: bytes
) -> None:
    [first, *_] = upload.begun["multipart"]["parts"]

    refused = http.put(first["url"], content=change)

    assert refused.status_code == 403
    assert [part["number"] for part in upload.missing()] == [1, 2, 3]


def test_an_address_of_a_part_is_good_for_no_other(http: httpx.Client, upload: Upload) -> None:
    [first, second, _] = upload.begun["multipart"]["parts"]
    moved = {
        "another part": first["url"].replace("partNumber=1", "partNumber=2"),
        "another file": first["url"].replace(upload.upload_id, f"{'A' * 22}.{SIZE}"),
        "a whole file": first["url"].replace("partNumber=1&", ""),
    }

    answers = {name: put(http, {**second, "url": url}, CONTENT) for name, url in moved.items()}

    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(
        moved, 403
    )


def test_an_upload_is_known_under_its_own_space_and_size_only(
    deployed_cloud: DeployedCloud, http: httpx.Client, space: LocalSpace, upload: Upload
) -> None:
    """Its size is in its id: who begins a small file cannot be signed parts of a larger one."""
    other = deployed_cloud.create_space(features=["audio"])
    bystander = Upload(deployed_cloud, http, space.space, SIZE)
    larger = upload.upload_id.replace(str(SIZE), str(90 * MEGABYTE))
    upload.put(CONTENT)

    for step in ("parts", "complete"):
        for answer in (
            upload.ask(step, space=other.space),
            upload.ask(step, upload_id=larger),
            upload.ask(step, upload_id=bystander.upload_id),
            upload.ask(step, multipart_id=token_urlsafe(64)),
        ):
            assert (answer.status_code, answer.json()["error_type"]) == (422, "upload_missing")
    for foreign in (upload.ask("abort", upload_id=larger), upload.ask("abort", space=other.space)):
        assert foreign.status_code == 204
    assert upload.missing() == []


def test_completed_twice_is_completed_and_aborted_is_gone(upload: Upload) -> None:
    upload.put(CONTENT)

    completed = [upload.ask("complete").status_code for _ in range(2)]
    aborted = upload.ask("abort").status_code

    assert (completed, aborted) == ([204, 204], 204)
    assert upload.ask("complete").status_code == 204


def test_what_was_given_up_is_thrown_away(
    deployed_cloud: DeployedCloud, http: httpx.Client, upload: Upload
) -> None:
    upload.put(CONTENT, 1)
    [_, second, _] = upload.begun["multipart"]["parts"]

    aborted = upload.ask("abort").status_code

    assert aborted == 204
    assert put(http, second, CONTENT).status_code == 404
    gone = upload.ask("parts")
    assert (gone.status_code, gone.json()["error_type"]) == (422, "upload_missing")
    needed = used(read_decisions(deployed_cloud.cloud))
    for action in ("ListMultipartUploadParts", "AbortMultipartUpload"):
        assert Grant("api", f"s3:{action}", "uploads") in needed


def test_scripts_of_the_page_may_put_parts(
    deployed_cloud: DeployedCloud, http: httpx.Client, upload: Upload
) -> None:
    [first, *_] = upload.begun["multipart"]["parts"]
    origin = {"Origin": deployed_cloud.page_url.rstrip("/")}

    asked = http.options(first["url"], headers={**origin, "Access-Control-Request-Method": "PUT"})

    assert asked.headers["access-control-allow-origin"] == "*"
    assert "PUT" in asked.headers["access-control-allow-methods"]
