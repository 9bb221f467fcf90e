"""Requests streamed by the deployed function, through the stream front, IAM enforced."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from infra.local.deploy import STACKS
from infra.local.iam_decisions import read_decisions
from infra.local.stream_front.events import DOMAIN
from infra.outputs import stack_outputs
from tests.local.support.connections import Link, dial
from tests.local.support.grants import Grant, used
from tests.local_cloud import DeployedCloud

pytestmark = pytest.mark.local


@dataclass
class Run:
    """A request that a worker, spoken by hand, is answering."""

    link: Link
    told: dict[str, Any]
    url: str

    def say(self, index: int, text: str) -> None:
        self.link.tell({"action": "progress", **self.told, "chunk": {"index": index, "text": text}})

    def finish(self, text: str) -> None:
        answer = {"action": "result", "status": "completed", "output": {"text": text}}
        self.link.ask({**answer, **self.told})


@pytest.fixture
def run(deployed_cloud: DeployedCloud) -> Iterator[Run]:
    space = deployed_cloud.create_space()
    with dial(deployed_cloud, space) as link:
        link.register(space.space)
        requests = f"{deployed_cloud.api_url}/v1/spaces/{space.space}/requests"
        httpx.post(
            requests, json={"input": {"prompt": "a story"}}, trust_env=False, timeout=20
        ).raise_for_status()
        request = link.hear()
        told = {"request_id": request["request_id"], "attempt": request["attempt"]}
        path = f"/spaces/{space.space}/requests/{request['request_id']}"
        yield Run(link, told, f"{deployed_cloud.status.stream_url}{path}")


@contextmanager
def reading(url: str, **headers: str) -> Iterator[Iterator[dict[str, Any]]]:
    """Read a stream's events as they come."""
    with httpx.stream("GET", url, headers=headers, trust_env=False, timeout=60) as response:
        assert response.status_code == httpx.codes.OK, response.read()
        yield _events(response.iter_lines())


def _events(lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    event: dict[str, Any] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if name in ("event", "id"):
            event[name] = value
        elif name == "data":
            event["data"] = json.loads(value)
        elif not line and event:
            yield event
            event = {}


def first_text(events: Iterator[dict[str, Any]]) -> dict[str, Any]:
    return next(event for event in events if event["event"] == "text")


def test_text_is_read_while_the_worker_still_writes(
    run: Run, deployed_cloud: DeployedCloud
) -> None:
    with reading(run.url) as events:
        run.say(0, "Once ")
        assert first_text(events)["data"] == {"text": "Once "}
        run.say(1, "upon a time")
        assert first_text(events)["data"] == {"text": "upon a time"}
        run.finish("Once upon a time")
        *_, end = events

    assert end["event"] == "done"
    assert end["data"]["status"] == "COMPLETED"
    needed = used(read_decisions(deployed_cloud.cloud))
    assert Grant("stream", "dynamodb:BatchGetItem", "requests") in needed


def test_a_reader_who_is_cut_off_again_and_again_loses_and_repeats_nothing(run: Run) -> None:
    words = ["Once ", "upon ", "a ", "time ", "there ", "was"]
    read: list[str] = []
    headers: dict[str, str] = {}
    for index, word in enumerate(words):
        run.say(index, word)
        with reading(run.url, **headers) as events:
            event = first_text(events)
        read.append(event["data"]["text"])
        headers = {"Last-Event-ID": event["id"]}
    run.finish("".join(words) + " a king")

    with reading(run.url, **headers) as events:
        rest = [event for event in events if event["event"] != "status"]

    assert read == words
    assert [event["event"] for event in rest] == ["text", "done"]
    assert rest[0]["data"] == {"text": " a king"}


def test_who_read_to_the_end_is_told_not_to_come_back(run: Run) -> None:
    run.finish("Once upon a time")
    with reading(run.url) as events:
        *_, end = events

    again = httpx.get(run.url, headers={"Last-Event-ID": end["id"]}, trust_env=False, timeout=20)

    assert again.status_code == httpx.codes.NO_CONTENT


def test_the_function_url_itself_refuses_calls(run: Run) -> None:
    direct = httpx.get(run.url, headers={"Host": DOMAIN}, trust_env=False, timeout=60)

    assert direct.status_code == httpx.codes.FORBIDDEN
    assert direct.json()["error_type"] == "not_allowed"


def test_the_page_may_read_streams(run: Run, deployed_cloud: DeployedCloud) -> None:
    origin = deployed_cloud.page_url.rstrip("/")
    run.finish("Once upon a time")

    for asked in (origin, "http://elsewhere.example"):
        answer = httpx.get(run.url, headers={"Origin": asked}, trust_env=False, timeout=60)
        allowed = answer.headers.get("access-control-allow-origin")
        assert allowed == (origin if asked == origin else None)
    outputs = stack_outputs(deployed_cloud.cloud.aws("cloudformation"), STACKS[1])
    assert run.url.startswith(json.loads(outputs["PageConfig"])["stream_origin"])
