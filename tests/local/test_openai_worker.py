"""A long conversation through the deployed gateway and a real worker to a model's server."""

import json
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from infra.local.status import LocalSpace
from tests.local.support.recording_upstream import RecordingUpstream
from tests.local.support.waiting import until
from tests.local_cloud import DeployedCloud
from tests.long_conversation import long_conversation
from tests.served import served

pytestmark = [pytest.mark.local, pytest.mark.timeout(120)]

ENVELOPE = {"id": "up-7", "object": "chat.completion.chunk", "created": 7, "model": "big"}
USAGE = {
    "prompt_tokens": 30,
    "completion_tokens": 12,
    "total_tokens": 42,
    "completion_tokens_details": {"reasoning_tokens": 5},
}
TOOL = {"id": "call_1", "type": "function"}
LOGPROBS = {"content": [{"token": "I ", "logprob": -0.25, "top_logprobs": []}]}
DELTAS: list[dict[str, Any]] = [
    {"reasoning_content": "Let me "},
    {"reasoning_content": "see. 😀"},
    {"content": "I "},
    {"content": "look."},
    {"tool_calls": [{"index": 0, **TOOL, "function": {"name": "tool_1", "arguments": ""}}]},
    {"tool_calls": [{"index": 0, "function": {"arguments": '{"name": '}}]},
    {"tool_calls": [{"index": 0, "function": {"arguments": '"Zoë"}'}}]},
]
MESSAGE = {
    "role": "assistant",
    "content": "I look.",
    "reasoning_content": "Let me see. 😀",
    "tool_calls": [{**TOOL, "function": {"name": "tool_1", "arguments": '{"name": "Zoë"}'}}],
}


def choice(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    logprobs = LOGPROBS if delta == {"content": "I "} else None
    return {"index": 0, "delta": delta, "logprobs": logprobs, "finish_reason": finish}


@dataclass
class Upstream:
    """A model's server that says the same to everybody.

    Attributes:
        server: The server.
        pieces_read: Counts what the caller has read, if the next piece has to wait for that.
    """

    pieces_read: threading.Semaphore | None = None

    def __post_init__(self) -> None:
        self.server = RecordingUpstream(self.says)

    def says(self) -> Iterator[dict[str, Any]]:
        yield {**ENVELOPE, "choices": [choice({"role": "assistant", "content": ""})]}
        for delta in DELTAS:
            yield {**ENVELOPE, "choices": [choice(delta)]}
            if self.pieces_read is not None:
                assert self.pieces_read.acquire(timeout=30), f"not read: {delta}"
        yield {**ENVELOPE, "choices": [choice({}, "tool_calls")]}
        yield {**ENVELOPE, "choices": [], "usage": USAGE, "timings": {"ms": 1.5}}


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    upstream = Upstream()
    with served(upstream.server):
        yield upstream


@pytest.fixture
def space(deployed_cloud: DeployedCloud, upstream: Upstream) -> Iterator[LocalSpace]:
    """A space behind which ``spaces-worker run --openai`` runs."""
    space = deployed_cloud.create_space(features=["call"], max_input_bytes=500_000)
    options = ("--openai", upstream.server.url, "--model", "tiny", "--worker-id", "openai")
    command = deployed_cloud.worker_command(space, "run", *options)
    with subprocess.Popen(command.arguments, env=command.environment) as worker:
        try:
            view = f"{deployed_cloud.api_url}/v1/spaces/{space.space}"
            until(lambda: httpx.get(view, trust_env=False).json()["endpoints"], "its endpoints")
            yield space
        finally:
            worker.terminate()


@contextmanager
def asking(cloud: DeployedCloud, body: dict[str, Any]) -> Iterator[httpx.Response]:
    """Ask, and give the answer before its body is read."""
    url = f"{cloud.status.openai_url}/chat/completions"
    with (
        httpx.Client(trust_env=False, timeout=60, follow_redirects=True) as http,
        http.stream("POST", url, json=body) as answer,
    ):
        if answer.status_code != httpx.codes.OK:
            pytest.fail(answer.read().decode())
        yield answer


def chunks_of(answer: httpx.Response) -> Iterator[dict[str, Any]]:
    """Yield the objects of a stream, which has to end as one."""
    lines = []
    for line in answer.iter_lines():
        lines.append(line)
        if line.startswith("data: {"):
            yield json.loads(line.removeprefix("data: "))
    assert lines[-2:] == ["data: [DONE]", ""]


def test_long_conversation_and_its_answer_pass_unchanged(
    deployed_cloud: DeployedCloud, space: LocalSpace, upstream: Upstream
) -> None:
    body = long_conversation(space.space)
    assert len(json.dumps(body)) > 200_000

    with asking(deployed_cloud, body) as response:
        answer = json.loads(response.read())

    options = {"include_obfuscation": False, "include_usage": True}
    asked = {**body, "model": "tiny", "stream": True, "stream_options": options}
    assert upstream.server.asked == [asked]
    assert list(upstream.server.asked[0]) == list(asked)
    assert answer["choices"] == [
        {"index": 0, "message": MESSAGE, "logprobs": LOGPROBS, "finish_reason": "tool_calls"}
    ]
    assert (answer["object"], answer["model"]) == ("chat.completion", space.space)
    assert (answer["usage"], answer["timings"]) == (USAGE, {"ms": 1.5})


def test_every_piece_of_its_stream_passes_unchanged(
    deployed_cloud: DeployedCloud, space: LocalSpace, upstream: Upstream
) -> None:
    upstream.pieces_read = threading.Semaphore(0)
    options = {"include_usage": True}
    body = {**long_conversation(space.space), "stream": True, "stream_options": options}

    chunks = []
    with asking(deployed_cloud, body) as answer:
        for chunk in chunks_of(answer):
            chunks.append(chunk)
            if says_something(chunk):
                upstream.pieces_read.release()

    assert upstream.server.asked == [{**body, "model": "tiny"}]
    (named,) = {(each["id"], each["model"], each["created"], each["object"]) for each in chunks}
    assert named[1:] == (space.space, named[2], "chat.completion.chunk")
    told = [each["choices"][0] for each in chunks if each["choices"]]
    assert told[0]["delta"] == {"role": "assistant", "content": ""}
    assert [each["choices"][0] for each in chunks if says_something(each)] == [
        choice(delta) for delta in DELTAS
    ]
    assert [each["finish_reason"] for each in told if each["finish_reason"]] == ["tool_calls"]
    assert told[-1]["finish_reason"] == "tool_calls"
    assert (chunks[-1]["choices"], chunks[-1]["usage"]) == ([], USAGE)


def says_something(chunk: dict[str, Any]) -> bool:
    """Tell a piece of the answer from the role, what keeps the connection alive, and the end."""
    return any(
        any(each["delta"].values()) and "role" not in each["delta"] for each in chunk["choices"]
    )
