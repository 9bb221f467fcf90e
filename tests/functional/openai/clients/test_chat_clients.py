"""Clients of the OpenAI API that people use, unchanged."""

import json
import time

import pytest

from spaces.handlers.openai import whole_answers
from tests.functional.access.support.credentials import new_key
from tests.functional.openai.support.scripts import says

USAGE = {"input_tokens": 3, "output_tokens": 2}


@pytest.mark.parametrize(
    "script", ["python_client.py", "node_client.mjs", "langchain_client.py", "litellm_client.py"]
)
def test_client_gets_whole_and_streamed_answers(client, play, script):
    play(says("Hel", "lo", usage=USAGE))

    found = json.loads(client(script, "echo"))

    assert found["whole"] == "Hello"
    assert found["usage"] == 5
    assert "".join(found["pieces"]) == "Hello"
    assert found["finish"] == "stop"
    assert found.get("final", "Hello") == found.get("completion", "Hello") == "Hello"
    assert found.get("role", "assistant") == "assistant"
    assert found.get("models", ["echo"]) == ["echo"]
    assert found.get("streamed_usage", 5) == 5


@pytest.mark.parametrize("script", ["redirected.py", "redirected.mjs"])
def test_client_follows_the_chain_with_its_key(client, live, play, server, monkeypatch, script):
    monkeypatch.setattr(whole_answers, "HOLD_SECONDS", 0.3)
    live.create_space("closed", visibility="private")

    def slow(_):
        time.sleep(1)
        yield {"output": {"text": "Hello"}}

    play(slow, space="closed")

    found = json.loads(client(script, "closed", key=new_key(live, "closed").key))

    assert set(found) == {"Hello"}
    posts = [path for method, path in server.calls if method == "POST"]
    assert len(posts) == len(found)
    assert len(server.calls) >= 2 * len(posts)


@pytest.mark.parametrize("script", ["impatient.py", "impatient.mjs"])
@pytest.mark.parametrize("faults", [[503], [502, 503], [None], []], ids=str)
def test_repeats_of_a_client_are_one_request_and_one_run(client, play, server, script, faults):
    def slow(_):
        time.sleep(0 if faults else 3)
        yield {"output": {"text": "Hello"}}

    worker = play(slow)
    server.faults = list(faults)

    assert client(script, "60" if faults else "2").strip() == "Hello"
    assert len(server.calls) > 1
    assert len(worker.taken) == 1
