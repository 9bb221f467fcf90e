"""The stream front: what reaches a function, and how its responses come back."""

import base64
import socket
import time

import httpx
import pytest

from infra.local.stream_front.events import DOMAIN
from infra.local.stream_front.front import MAX_EVENT_BYTES
from tests.functional.stream_front.conftest import PAGE, function_in, served
from tests.golden_files import golden_event


def shape(value):
    return {name: shape(each) for name, each in value.items()} if isinstance(value, dict) else None


def test_an_event_has_the_shape_that_aws_documents(front):
    event = front.get("/echo", headers={"User-Agent": "test"}).json()

    golden = golden_event("function_url")
    for each in (event, golden):
        del each["headers"]
    assert shape(event) == shape(golden)


def test_a_query_is_handed_over_raw_and_by_name(front):
    event = front.get("/echo?after=0.3&a=%C3%BC").json()

    assert event["queryStringParameters"] == {"after": "0.3", "a": "ü"}
    assert event["rawQueryString"] == "after=0.3&a=%C3%BC"


def test_text_comes_as_text_and_all_else_in_base64(front):
    json_body = front.post("/echo", json={"a": "ü"}).json()
    binary = front.post("/echo", content=b"\xff\x00").json()

    assert (json_body["body"], json_body["isBase64Encoded"]) == ('{"a":"ü"}', False)
    assert (base64.b64decode(binary["body"]), binary["isBase64Encoded"]) == (b"\xff\x00", True)


def test_cloudfront_adds_its_headers_and_forwards_only_some(front):
    sent = {
        "X-Spaces-Edge": "forged",
        "CloudFront-Viewer-Address": "forged",
        "Authorization": "Bearer x",
        "Last-Event-ID": "0.3",
        "X-Other": "x",
    }
    headers = front.get("/echo", headers=sent).json()["headers"]

    assert headers["x-spaces-edge"] == "the key"
    assert headers["cloudfront-viewer-address"].startswith("127.0.0.1:")
    assert headers["last-event-id"] == "0.3"
    assert not {"x-other", "authorization", "cookie"} & headers.keys()


def test_the_function_url_itself_adds_no_key(front):
    headers = front.get("/echo", headers={"Host": DOMAIN}).json()["headers"]

    assert "x-spaces-edge" not in headers


def test_a_piece_arrives_before_the_function_is_done(front, folder):
    with front.stream("GET", "/paced") as response:
        pieces = response.iter_raw()
        assert next(pieces) == b"first"
        assert not (folder / "done").exists()
        (folder / "go").touch()
        assert sum(map(len, pieces)) == 2_000_000


def test_a_function_runs_on_after_its_caller_has_gone(front, folder):
    with front.stream("GET", "/paced") as response:
        assert next(response.iter_raw()) == b"first"
    (folder / "go").touch()

    until_exists(folder / "done")


def until_exists(path):
    end = time.monotonic() + 10
    while not path.exists():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_process_is_reused_and_has_the_credentials_of_the_role(front):
    told = []
    for _ in range(10):  # a response may be complete before its process asks for the next call
        told.append(front.get("/process").json())
        time.sleep(0.1)

    assert len({each["pid"] for each in told}) < len(told)
    assert {each["key"] for each in told} == {"ASIAROLE"}


def test_calls_side_by_side_have_a_process_each_up_to_a_bound(folder):
    with (
        served(function_in(folder), most=2) as front,
        front.stream("GET", "/paced") as one,
        front.stream("GET", "/paced") as other,
    ):
        assert [next(each.iter_raw()) for each in (one, other)] == [b"first"] * 2
        refused = front.get("/echo")
        (folder / "go").touch()

    assert refused.status_code == httpx.codes.TOO_MANY_REQUESTS


@pytest.mark.parametrize("path", ["/fails", "/dies"])
def test_a_function_that_fails_is_a_bad_gateway_and_the_next_call_is_served(front, path):
    failed = front.get(path)

    assert failed.status_code == httpx.codes.BAD_GATEWAY
    assert "secret" not in failed.text
    assert front.get("/echo").status_code == httpx.codes.OK


def test_a_function_that_cannot_start_is_a_bad_gateway(folder):
    with served(function_in(folder, handler="broken.handler")) as front:
        assert front.get("/echo").status_code == httpx.codes.BAD_GATEWAY


def test_a_response_that_fails_midway_is_cut(front):
    with pytest.raises(httpx.RemoteProtocolError):
        front.get("/fails_midway")


def test_a_function_that_exceeds_its_time_is_ended(folder):
    with served(function_in(folder, seconds=2)) as front:
        assert front.get("/hangs").status_code == httpx.codes.BAD_GATEWAY
        with pytest.raises(httpx.RemoteProtocolError):
            front.get("/hangs_midway")
        assert front.get("/echo").status_code == httpx.codes.OK


def test_a_response_without_a_body_has_none(front):
    answer = front.get("/nothing")

    assert answer.status_code == httpx.codes.NO_CONTENT
    assert "transfer-encoding" not in answer.headers


def test_an_event_above_6_megabytes_is_too_large(front):
    answer = front.post("/echo", content=b"\xff" * MAX_EVENT_BYTES)

    assert answer.status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE


def test_the_page_may_call_from_its_own_origin_and_nobody_else(front):
    for origin, allowed in ((PAGE, PAGE), ("http://elsewhere.example", None)):
        answer = front.get("/nothing", headers={"Origin": origin})
        assert answer.headers.get("access-control-allow-origin") == allowed
    preflight = front.options("/echo", headers={"Origin": PAGE})
    assert preflight.status_code == httpx.codes.NO_CONTENT
    assert "last-event-id" in preflight.headers["access-control-allow-headers"]


def test_what_is_no_request_ends_the_connection_and_nothing_else(front):
    for garbage in (b"\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/1.1\r\ncontent-length: x\r\n\r\n"):
        with socket.create_connection((front.base_url.host, front.base_url.port), 5) as line:
            line.sendall(garbage)
            assert ends(line)
    assert front.get("/nothing").status_code == httpx.codes.NO_CONTENT


def ends(line):
    try:
        return line.recv(1) == b""
    except ConnectionResetError:
        return True
