"""The runtime against AWS's description of the Runtime API; each rule is a test.

Sources: "Using the Lambda runtime API for custom runtimes", "Building a custom runtime for AWS
Lambda" (response streaming), "Modifying the runtime environment" (wrapper scripts).
"""

import base64
import json
import os
import re
import time
from pathlib import Path

import pytest

from tests.unit.streaming_runtime.runtime_server import SECONDS, runtime_server, started

HANDLERS = """
import os, sys, time
from streaming_runtime.response import Response

def handler(event, context):
    def body():
        yield b"one "
        if event.get("wait"):
            time.sleep(event["wait"])
        if event.get("empty"):
            yield b""
        if event.get("break"):
            raise ValueError("the prompt of a person")
        yield b"two"
    if event.get("refuse"):
        raise KeyError("the prompt of a person")
    return Response(201, {"Content-Type": "text/plain"}, body())

def late(event, context):
    def body():
        raise KeyError("before the first piece")
        yield b""
    return Response(200, {}, body())

def tell(event, context):
    seen = f"{context.aws_request_id} {context.invoked_function_arn} "
    seen += f"{context.get_remaining_time_in_millis()} {os.environ.get('_X_AMZN_TRACE_ID')}"
    return Response(200, {}, [seen.encode()])

def endless(event, context):
    def body():
        try:
            while True:
                yield b"x" * 1000
        finally:
            print("closed", flush=True)
    return Response(200, {}, body())

def wrong(event, context):
    return Response(200, {"X": object()}, [b"x"])

def empty(event, context):
    return Response(204)

prepared = []
def prepare():
    prepared.append(1)

def was_prepared(event, context):
    return Response(200, {}, [str(len(prepared)).encode()])
"""


@pytest.fixture
def server():
    with runtime_server() as server:
        yield server


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "handlers.py").write_text(HANDLERS)
    (tmp_path / "broken.py").write_text("raise RuntimeError('no such table')")
    return tmp_path


def run(server, folder, event=None, **options):
    with started(server, folder, **options):
        server.invoke(event)
        return server.posted()


def test_next_invocation_is_asked_for_at_its_path_and_again_after_each_answer(server, folder):
    with started(server, folder):
        for number in range(3):
            path, _ = server.asked.get(timeout=SECONDS)
            assert path == "/2018-06-01/runtime/invocation/next"
            server.invoke(request_id=f"id-{number}")
            assert server.posted().path == f"/2018-06-01/runtime/invocation/id-{number}/response"


def test_next_invocation_has_no_time_out(server, folder):
    with started(server, folder) as process:
        server.asked.get(timeout=SECONDS)
        wait_on = _mode_of_socket(process.pid)
        server.invoke()

        assert server.posted().whole
    assert wait_on == "blocking"


def _mode_of_socket(pid):
    """Say how a process waits on its socket: in Python, one with a time-out is non-blocking."""
    process = Path(f"/proc/{pid}")
    (number,) = (
        each.name for each in (process / "fd").iterdir() if str(each.readlink())[:7] == "socket:"
    )
    flags = re.search(r"flags:\s+(\d+)", (process / "fdinfo" / number).read_text())
    return "non-blocking" if int(flags[1], 8) & os.O_NONBLOCK else "blocking"


def test_the_response_mode_is_streaming_and_the_transfer_chunked(server, folder):
    post = run(server, folder)

    assert post.headers["lambda-runtime-function-response-mode"] == "streaming"
    assert post.headers["transfer-encoding"] == "chunked"
    assert "content-length" not in post.headers
    assert post.whole


def test_the_content_type_announces_status_and_headers_before_the_body(server, folder):
    post = run(server, folder)

    assert post.headers["content-type"] == "application/vnd.awslambda.http-integration-response"
    assert post.body.count(b"\0") == 8
    assert post.prelude == {"statusCode": 201, "headers": {"Content-Type": "text/plain"}}
    assert post.payload == b"one two"


def test_trailers_are_announced_at_the_beginning(server, folder):
    names = run(server, folder).headers["trailer"].split(", ")

    assert names == ["Lambda-Runtime-Function-Error-Type", "Lambda-Runtime-Function-Error-Body"]


def test_each_piece_is_sent_when_it_is_produced(server, folder):
    post = run(server, folder, {"wait": 0.5})

    (first, start), (second, end) = post.chunks
    assert start.endswith(b"one ")
    assert end == b"two"
    assert second - first > 0.4


def test_an_empty_piece_does_not_end_the_response(server, folder):
    post = run(server, folder, {"empty": True})

    assert post.payload == b"one two"
    assert not post.trailers


def test_a_response_without_a_body_has_its_status(server, folder):
    post = run(server, folder, handler="handlers.empty")

    assert post.prelude["statusCode"] == 204
    assert post.payload == b""


def test_the_connection_is_closed_after_the_response(server, folder):
    assert run(server, folder).closed_by_runtime


def test_an_error_in_the_middle_is_told_in_the_trailers_without_its_text(server, folder):
    post = run(server, folder, {"break": True})

    assert post.whole
    assert post.payload == b"one "
    assert post.trailers["Lambda-Runtime-Function-Error-Type"] == "Function.ValueError"
    told = base64.b64decode(post.trailers["Lambda-Runtime-Function-Error-Body"])
    assert json.loads(told)["errorType"] == "ValueError"
    assert b"prompt" not in told


@pytest.mark.parametrize(
    ("handler", "kind"),
    [("handler", "KeyError"), ("late", "KeyError"), ("wrong", "TypeError")],
)
def test_an_error_before_the_response_goes_to_the_error_path(server, folder, handler, kind):
    post = run(server, folder, {"refuse": True}, handler=f"handlers.{handler}")

    assert post.path == "/2018-06-01/runtime/invocation/id-1/error"
    assert post.headers["lambda-runtime-function-error-type"] == f"Function.{kind}"
    told = json.loads(post.body)
    assert set(told) == {"errorType", "errorMessage", "stackTrace"}
    assert told["errorType"] == kind
    assert b"prompt" not in post.body


def test_after_an_error_the_process_takes_the_next_invocation(server, folder):
    with started(server, folder):
        posts = []
        for event in ({"refuse": True}, {"break": True}, {}):
            server.invoke(event)
            posts.append(server.posted())

    assert posts[0].path.endswith("/error")
    assert posts[1].trailers
    assert posts[2].payload == b"one two"


@pytest.mark.parametrize("handler", ["broken.handler", "missing.handler", "handlers.missing"])
def test_an_init_error_is_reported_and_the_process_exits_with_an_error(server, folder, handler):
    with started(server, folder, handler=handler) as process:
        post = server.posted()
        assert process.wait(SECONDS) == 1

    assert post.path == "/2018-06-01/runtime/init/error"
    assert post.headers["lambda-runtime-function-error-type"].startswith("Runtime.")
    assert b"no such table" not in post.body


def test_the_context_has_id_function_and_deadline(server, folder):
    post = run(server, folder, handler="handlers.tell")

    request_id, arn, left, _ = post.payload.decode().split(" ")
    assert request_id == "id-1"
    assert arn == "arn:aws:lambda:eu-central-1:1:function:s"
    assert 50_000 < int(left) <= 60_000


def test_the_trace_is_set_for_each_invocation_and_taken_away_for_one_without(server, folder):
    with started(server, folder, handler="handlers.tell"):
        server.invoke(Lambda_Runtime_Trace_Id="Root=1-a;Sampled=1")
        traced = server.posted()
        server.invoke()
        untraced = server.posted()

    traces = [post.payload.decode().rpartition(" ")[2] for post in (traced, untraced)]
    assert traces == ["Root=1-a;Sampled=1", "None"]


def test_a_container_error_ends_the_process(server, folder):
    server.status = 500
    with started(server, folder) as process:
        server.invoke()

        assert process.wait(SECONDS) == 1


def test_a_response_that_is_refused_does_not_end_the_process(server, folder):
    with started(server, folder):
        server.status = 413
        server.invoke()
        server.posted()
        server.status = 202
        server.invoke()

        assert server.posted().payload == b"one two"


def test_a_response_that_lambda_cuts_ends_its_pieces_and_not_the_process(server, folder):
    server.cut_after = 3
    with started(server, folder, handler="handlers.endless") as process:
        server.invoke()
        server.posted()
        server.cut_after = None
        server.asked.get(timeout=SECONDS)
        server.asked.get(timeout=SECONDS)
        process.kill()

        assert b"closed" in process.stdout.read()


@pytest.mark.parametrize("status", [403, 500])
def test_a_process_that_gets_no_invocation_exits(server, folder, status):
    server.next_status = status
    with started(server, folder) as process:
        server.invoke()

        assert process.wait(SECONDS) == 1


def test_a_process_without_a_runtime_api_exits(server, folder):
    with started(server, folder, AWS_LAMBDA_RUNTIME_API="127.0.0.1:9") as process:
        assert process.wait(SECONDS) == 1


def test_what_takes_long_at_first_is_prepared_before_the_first_invocation(server, folder):
    assert run(server, folder, handler="handlers.was_prepared").payload == b"1"


def test_an_error_is_logged_as_one_entry(server, folder):
    with started(server, folder) as process:
        server.invoke({"refuse": True})
        server.posted()
        time.sleep(0.1)
        process.kill()
        lines = process.stdout.read().decode().splitlines(keepends=True)

    assert sum(line.endswith("\n") for line in lines) == 1
