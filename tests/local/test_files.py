"""Files on the deployed system: up, to the worker, back, down; what is refused, and by whom."""

from secrets import token_bytes
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx
import pytest

from infra.local.status import LocalSpace
from tests.local.support.connections import Link, Message, dial
from tests.local.support.files import (
    MEGABYTE,
    NAME,
    Fields,
    begin,
    checksum,
    hear,
    post_form,
    send_output,
    submit,
    upload,
)
from tests.local_cloud import DeployedCloud

pytestmark = pytest.mark.local


@pytest.fixture
def space(deployed_cloud: DeployedCloud) -> LocalSpace:
    return deployed_cloud.create_space(
        features=["audio"], max_files=2, max_file_bytes=30 * MEGABYTE
    )


@pytest.fixture
def http() -> Any:
    with httpx.Client(trust_env=False, timeout=60) as client:
        yield client


def result_of(link: Link, request: Message, output: Fields) -> Message:
    return {
        "action": "result",
        "request_id": request["request_id"],
        "attempt": request["attempt"],
        "status": "completed",
        "output": output,
    }


def test_large_files_pass_unharmed_both_ways(
    deployed_cloud: DeployedCloud, http: httpx.Client, space: LocalSpace
) -> None:
    question, answer = token_bytes(20 * MEGABYTE), token_bytes(30 * MEGABYTE)
    with dial(deployed_cloud, space) as link:
        link.register(space.space)
        upload_id = upload(deployed_cloud, http, space.space, question, name=NAME)
        accepted = submit(deployed_cloud, http, space.space, upload_id).json()
        request = hear(link, "request")
        (given,) = request["input"]["files"]
        fetched = http.get(given["url"])
        key = send_output(http, request, "answer.wav", "audio/wav", answer)
        said = {"name": NAME, "content_type": "audio/wav", "size": 1, "key": key}
        ack = link.ask(result_of(link, request, {"text": "done", "files": [said]}))
        result = http.get(f"{deployed_cloud.api_url}{accepted['response_url']}").json()

    assert checksum(fetched.content) == checksum(question)
    assert (given["name"], given["content_type"], given["size"]) == (
        NAME,
        "audio/wav",
        len(question),
    )
    assert ack["status"] == "stored"
    (out,), (submitted,) = result["output"]["files"], result["input"]["files"]
    assert (out["size"], out["inline"], out["name"]) == (len(answer), True, NAME)
    assert checksum(http.get(out["url"]).content) == checksum(answer)
    assert checksum(http.get(submitted["url"]).content) == checksum(question)
    assert "uploads/" not in str({**submitted, "url": None, "download_url": None})


def test_what_could_run_in_a_browser_comes_as_a_download_of_no_type(
    deployed_cloud: DeployedCloud, http: httpx.Client, space: LocalSpace
) -> None:
    kinds = ["text/html", "image/svg+xml", "application/xml", "text/javascript", "image/png"]
    with dial(deployed_cloud, space) as link:
        link.register(space.space)
        upload_id = upload(deployed_cloud, http, space.space, b"RIFF")
        accepted = submit(deployed_cloud, http, space.space, upload_id).json()
        request = hear(link, "request")
        files = [
            {
                "name": "<script>.html",
                "content_type": kind,
                "size": 9,
                "key": send_output(http, request, f"f{index}", kind, b"<b>hi</b>"),
            }
            for index, kind in enumerate(kinds)
        ]
        link.ask(result_of(link, request, {"files": files}))
        result = http.get(f"{deployed_cloud.api_url}{accepted['response_url']}").json()

    for file in result["output"]["files"]:
        served = http.get(file["url"])
        shown = file["content_type"] == "image/png"
        expected = "image/png" if shown else "application/octet-stream"
        assert served.headers["content-type"] == expected
        disposition = served.headers["content-disposition"]
        assert disposition.startswith("inline;" if shown else "attachment;")
        assert 'filename="_script_.html"' in disposition


def test_a_body_too_large_for_the_socket_comes_back_whole(
    deployed_cloud: DeployedCloud, http: httpx.Client, space: LocalSpace
) -> None:
    text = 'word é 测 "quoted" \n' * 150_000
    with dial(deployed_cloud, space) as link:
        link.register(space.space)
        upload_id = upload(deployed_cloud, http, space.space, b"RIFF")
        accepted = submit(deployed_cloud, http, space.space, upload_id).json()
        request = hear(link, "request")
        body = httpx.Request("POST", "http://x", json={"text": text}).content
        key = send_output(http, request, "body.json", "application/json", body)
        ack = link.ask(result_of(link, request, {"body_key": key}))
        result = http.get(f"{deployed_cloud.api_url}{accepted['response_url']}").json()

    assert ack["status"] == "stored"
    assert result["output"]["text"] == text


@pytest.mark.parametrize(
    ("fields", "status", "error_type"),
    [
        ({"size": 0}, 422, "invalid_input"),
        ({"size": 30 * MEGABYTE + 1}, 413, "file_too_large"),
        ({"content_type": "image/png"}, 422, "file_type_refused"),
        ({"content_type": ""}, 422, "file_type_refused"),
        ({"content_type": "audio"}, 422, "invalid_input"),
        ({"name": "../a.wav"}, 422, "invalid_input"),
        ({"name": ""}, 422, "invalid_input"),
        ({"name": "测" * 300}, 422, "invalid_input"),
        ({"space": "nowhere"}, 404, "unknown_space"),
    ],
)
def test_what_a_space_does_not_take_is_refused_before_it_is_sent(
    deployed_cloud: DeployedCloud,
    http: httpx.Client,
    space: LocalSpace,
    fields: Fields,
    status: int,
    error_type: str,
) -> None:
    answer = begin(deployed_cloud, http, **{"space": space.space, **fields})

    assert (answer.status_code, answer.json()["error_type"]) == (status, error_type)


@pytest.mark.parametrize(
    ("content", "changes"),
    [
        (b"12345", {}),
        (b"123", {}),
        (b"1234", {"Content-Type": "text/html"}),
        (b"1234", {"key": "uploads/elsewhere/AAAAAAAAAAAAAAAAAAAAAA"}),
        (b"1234", {"x-amz-meta-name": "eA=="}),
    ],
)
def test_the_form_takes_this_file_and_no_other(
    deployed_cloud: DeployedCloud,
    http: httpx.Client,
    space: LocalSpace,
    content: bytes,
    changes: dict[str, str],
) -> None:
    begun = begin(deployed_cloud, http, space.space, size=4).json()

    refused = post_form(http, begun["url"], begun["fields"], content, **changes)

    assert refused.status_code in (400, 403), refused.text
    missing = submit(deployed_cloud, http, space.space, begun["upload_id"])
    assert (missing.status_code, missing.json()["error_type"]) == (422, "upload_missing")


def test_an_upload_of_another_space_and_too_many_are_refused(
    deployed_cloud: DeployedCloud, http: httpx.Client, space: LocalSpace
) -> None:
    other = deployed_cloud.create_space(features=["file"])
    foreign = upload(deployed_cloud, http, other.space, b"1234")
    own = upload(deployed_cloud, http, space.space, b"1234")

    stolen = submit(deployed_cloud, http, space.space, own, foreign)
    many = submit(deployed_cloud, http, space.space, own, own, own)

    assert (stolen.status_code, stolen.json()["error_type"]) == (422, "upload_missing")
    assert "input.files[1]" in stolen.json()["detail"]
    assert (many.status_code, many.json()["error_type"]) == (422, "invalid_input")


def test_a_worker_writes_nowhere_but_under_its_own_prefix(
    deployed_cloud: DeployedCloud, http: httpx.Client, space: LocalSpace
) -> None:
    with dial(deployed_cloud, space) as link:
        link.register(space.space)
        upload_id = upload(deployed_cloud, http, space.space, b"RIFF")
        accepted = submit(deployed_cloud, http, space.space, upload_id).json()
        request = hear(link, "request")
        policy = request["upload"]
        elsewhere = {**policy["fields"], "key": "outputs/other/1/1-x/y", "Content-Type": "a/b"}
        refused = post_form(http, policy["url"], elsewhere, b"1234")
        said = {"name": "a", "content_type": "a/b", "size": 1}
        foreign_key = {**said, "key": f"uploads/{space.space}/{upload_id}"}
        foreign = link.ask(result_of(link, request, {"files": [foreign_key]}))
        not_there = {**said, "key": f"{policy['key_prefix']}nothing"}
        missing = link.ask(result_of(link, request, {"files": [not_there]}))
        status = http.get(f"{deployed_cloud.api_url}{accepted['status_url']}").json()
        right = link.ask(result_of(link, request, {"text": "after all"}))

    assert refused.status_code == 403
    assert [(e["error_type"], e["request_id"]) for e in (foreign, missing)] == [
        ("malformed_message", request["request_id"])
    ] * 2
    assert "output.files[0].key" in foreign["detail"]
    assert status["status"] == "IN_PROGRESS"
    assert right["status"] == "stored"


def test_a_right_to_upload_changes_nothing_that_was_submitted_or_answered(
    deployed_cloud: DeployedCloud, http: httpx.Client, space: LocalSpace
) -> None:
    begun = begin(deployed_cloud, http, space.space, size=4).json()
    post_form(http, begun["url"], begun["fields"], b"RIFF")
    with dial(deployed_cloud, space) as link:
        link.register(space.space)
        accepted = submit(deployed_cloud, http, space.space, begun["upload_id"]).json()
        request = hear(link, "request")
        (given,) = request["input"]["files"]
        unchanged = http.get(given["url"], headers={"If-Match": given["etag"]})
        key = send_output(http, request, "a.wav", "audio/wav", b"WAVE")
        said = {"name": "a.wav", "content_type": "audio/wav", "size": 4, "key": key}
        link.ask(result_of(link, request, {"files": [said]}))
        send_output(http, request, "a.wav", "audio/wav", b"another answer")
        post_form(http, begun["url"], begun["fields"], b"evil")
        changed = http.get(given["url"], headers={"If-Match": given["etag"]})
        result = http.get(f"{deployed_cloud.api_url}{accepted['response_url']}").json()

    assert (unchanged.status_code, unchanged.content) == (200, b"RIFF")
    assert changed.status_code == 412
    (answered,) = result["output"]["files"]
    assert (answered["size"], http.get(answered["url"]).content) == (4, b"WAVE")
    assert result["input"]["files"] == []
    assert result["error"] == "Files that were replaced later are not shown: a.wav."


def test_an_address_opens_nothing_but_its_own_file(
    deployed_cloud: DeployedCloud, http: httpx.Client, space: LocalSpace
) -> None:
    with dial(deployed_cloud, space) as link:
        link.register(space.space)
        own, other = (upload(deployed_cloud, http, space.space, b"1234") for _ in range(2))
        submit(deployed_cloud, http, space.space, own)
        (given,) = hear(link, "request")["input"]["files"]
    address = urlsplit(given["url"])
    moved = urlunsplit(address._replace(path=address.path.replace(own, other)))

    assert http.get(given["url"]).status_code == 200
    assert http.get(moved).status_code == 403
    assert http.get(urlunsplit(address._replace(query=""))).status_code == 403


def test_scripts_of_the_page_may_use_the_addresses(
    deployed_cloud: DeployedCloud, http: httpx.Client, space: LocalSpace
) -> None:
    begun = begin(deployed_cloud, http, space.space, size=4).json()
    origin = {"Origin": deployed_cloud.page_url.rstrip("/")}

    asked = http.options(begun["url"], headers={**origin, "Access-Control-Request-Method": "POST"})
    fields, file = begun["fields"], {"file": ("x", b"1234")}
    posted = http.post(begun["url"], headers=origin, data=fields, files=file)

    assert asked.headers["access-control-allow-origin"] == "*"
    assert posted.headers["access-control-allow-origin"] == "*"
