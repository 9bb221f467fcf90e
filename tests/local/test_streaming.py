"""Streamed text and declared parameters on the deployed system, IAM enforced."""

from typing import Any

import httpx
import pytest

from tests.local.support.connections import dial
from tests.local_cloud import DeployedCloud

pytestmark = pytest.mark.local

SCHEMA = {"type": "object", "properties": {"loud": {"type": "boolean"}}}


def ask(cloud: DeployedCloud, path: str, **query: str) -> Any:
    return httpx.get(f"{cloud.api_url}{path}", params=query, trust_env=False, timeout=20).json()


def test_text_is_shown_while_it_is_written(deployed_cloud: DeployedCloud) -> None:
    space = deployed_cloud.create_space()
    with dial(deployed_cloud, space) as link:
        link.register(space.space)
        path = f"/v1/spaces/{space.space}/requests"
        body = {"input": {"prompt": "a story"}}
        url = f"{deployed_cloud.api_url}{path}"
        accepted = httpx.post(url, json=body, trust_env=False, timeout=20).json()
        request = link.hear()
        told = {"request_id": request["request_id"], "attempt": request["attempt"]}

        def say(index: int, text: str) -> None:
            link.tell({"action": "progress", **told, "chunk": {"index": index, "text": text}})

        say(0, "Once ")
        say(1, "upon ")
        # The emulator handles the messages of a socket in order: this one is answered last.
        link.ask({"action": "offer", "space": space.space, "slots": {"count": 1, "order": 1}})
        first = ask(deployed_cloud, accepted["status_url"])
        say(2, "a time")
        link.ask({"action": "offer", "space": space.space, "slots": {"count": 1, "order": 2}})
        cursor = first["partial"]["next_after"]
        second = ask(deployed_cloud, accepted["status_url"], after=cursor)

    assert first["partial"]["text"] == "Once upon "
    assert second["partial"]["text"] == "a time"
    assert second["partial"]["restarted"] is False
    assert 500 <= second["retry_after_ms"] <= 800


def test_a_cursor_that_is_none_is_refused(deployed_cloud: DeployedCloud) -> None:
    space = deployed_cloud.create_space()
    path = f"/v1/spaces/{space.space}/requests/{space.space}.1.AAAAAAAAAAAAAAAAAAAAAA/status"

    assert ask(deployed_cloud, path, after="x")["error_type"] == "invalid_input"


def test_declared_parameters_are_shown_with_the_space(deployed_cloud: DeployedCloud) -> None:
    space = deployed_cloud.create_space()
    with dial(deployed_cloud, space) as link:
        register = {"action": "register", "session": "s", "spaces": [space.space]}
        link.ask({**register, "params_schemas": {space.space: SCHEMA}})
        # Answered after the register has been done with.
        link.ask({"action": "offer", "space": space.space, "slots": {"count": 1, "order": 1}})
        shown = ask(deployed_cloud, f"/v1/spaces/{space.space}")

    assert shown["params_schema"] == SCHEMA
