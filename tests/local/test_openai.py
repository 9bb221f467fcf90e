"""Calls of the OpenAI API through the stream front: what the function needs IAM to allow."""

from base64 import b64decode, b64encode
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from secrets import token_urlsafe
from typing import Any

import httpx
import pytest

from infra.local.iam_decisions import read_decisions
from infra.local.status import LocalSpace
from spaces_protocol.limits import MAX_SOCKET_INPUT_BYTES
from tests.local.support.connections import Link, dial
from tests.local.support.files import send_output
from tests.local.support.grants import Grant, used
from tests.local.support.scene import about
from tests.local_cloud import DeployedCloud

pytestmark = pytest.mark.local

PNG = bytes.fromhex("89504e470d0a1a0a") + b"not much of a picture"


@pytest.fixture
def space(deployed_cloud: DeployedCloud) -> LocalSpace:
    return deployed_cloud.create_space(
        features=["call", "file"], max_file_bytes=1024, max_input_bytes=2 * MAX_SOCKET_INPUT_BYTES
    )


@pytest.fixture
def link(deployed_cloud: DeployedCloud, space: LocalSpace) -> Iterator[Link]:
    with dial(deployed_cloud, space) as link:
        endpoints = {space.space: ["chat.completions", "images.generations"]}
        register = {"action": "register", "session": "s", "spaces": [space.space]}
        assert link.ask({**register, "endpoints": endpoints})["accepted"]
        yield link


@contextmanager
def calling(
    cloud: DeployedCloud, path: str, body: dict[str, Any]
) -> Iterator[Future[httpx.Response]]:
    """Call in a thread, because the response waits for the worker."""
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(
            httpx.post,
            f"{cloud.status.openai_url}/{path}",
            json=body,
            headers={"Idempotency-Key": token_urlsafe()},
            trust_env=False,
            timeout=60,
        )


def test_a_large_chat_with_a_picture_has_a_very_long_answer(
    deployed_cloud: DeployedCloud, space: LocalSpace, link: Link
) -> None:
    picture = {"url": f"data:image/png;base64,{b64encode(PNG).decode()}"}
    content = [
        {"type": "text", "text": "x" * MAX_SOCKET_INPUT_BYTES},
        {"type": "image_url", "image_url": picture},
    ]
    body = {"model": space.space, "messages": [{"role": "user", "content": content}]}
    text = token_urlsafe(84_000)  # 112,000 characters that do not compress well
    message = {"role": "assistant", "content": text}
    answer = {"object": "chat.completion", "choices": [{"index": 0, "message": message}]}

    with calling(deployed_cloud, "chat/completions", body) as answered:
        request = link.hear()
        told = about(request, "result", status="completed", output={"data": answer})
        assert link.ask(told)["status"] == "stored"

    assert answered.result().json()["choices"][0]["message"]["content"] == text
    needed = used(read_decisions(deployed_cloud.cloud))
    assert {
        Grant("stream", "s3:PutObject", "inputs"),
        Grant("stream", "s3:GetObject", "results"),
    } <= needed


def test_a_picture_that_was_made_comes_inside_the_answer(
    deployed_cloud: DeployedCloud, space: LocalSpace, link: Link
) -> None:
    body = {"model": space.space, "prompt": "a cat", "response_format": "b64_json"}

    with calling(deployed_cloud, "images/generations", body) as answered:
        request = link.hear()
        with httpx.Client(trust_env=False, timeout=20) as http:
            key = send_output(http, request, "cat.png", "image/png", PNG)
        file = {"name": "cat.png", "content_type": "image/png", "size": len(PNG), "key": key}
        output = {"files": [file], "data": {"created": 1, "data": [{"file": 0}]}}
        told = about(request, "result", status="completed", output=output)
        assert link.ask(told)["status"] == "stored"

    assert b64decode(answered.result().json()["data"][0]["b64_json"]) == PNG


def test_a_recording_is_stored_as_an_upload(deployed_cloud: DeployedCloud) -> None:
    limits = {"requests_per_minute": 10, "max_waiting": None, "upload_bytes_per_day": None}
    space = deployed_cloud.create_space(
        features=["call", "audio"], max_file_bytes=1024, anonymous_limits=limits
    )
    with dial(deployed_cloud, space) as link, ThreadPoolExecutor(1) as pool:
        register = {"action": "register", "session": "s", "spaces": [space.space]}
        link.ask({**register, "endpoints": {space.space: ["audio.transcriptions"]}})
        answered = pool.submit(
            httpx.post,
            f"{deployed_cloud.status.openai_url}/audio/transcriptions",
            data={"model": space.space},
            files={"file": ("a.wav", b"RIFF", "audio/wav")},
            trust_env=False,
            timeout=60,
        )
        request = link.hear()
        output = {"text": "Hello", "data": {"text": "Hello"}}
        link.ask(about(request, "result", status="completed", output=output))

    assert answered.result().json()["text"] == "Hello"
    needed = used(read_decisions(deployed_cloud.cloud))
    assert {
        Grant("stream", "s3:PutObject", "uploads"),
        Grant("stream", "dynamodb:PutItem", "spaces"),
    } <= needed
