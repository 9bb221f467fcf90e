"""Clients of the OpenAI API, unchanged, talk to the language model of the demo."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from infra.local.demos import Example
from tests.openai_clients.environment import run_script

if TYPE_CHECKING:  # a plugin is not imported before it is registered
    from tests.local_cloud import DeployedCloud

pytestmark = [pytest.mark.models, pytest.mark.local]

Run = Callable[[str], Any]

MOST_OF_THE_PROMPT = 20
"""Tokens: the model's own system prompt has more."""


@pytest.fixture
def run(linked: Callable[[Example], str], deployed_cloud: "DeployedCloud") -> Run:
    """Run a script against the model; return what it prints."""
    model = linked(Example.CHAT)
    url = deployed_cloud.status.openai_url
    return lambda script: json.loads(run_script(script, model, base_url=url))


@pytest.mark.parametrize(
    "script", ["python_client.py", "node_client.mjs", "langchain_client.py", "litellm_client.py"]
)
def test_client_talks_to_the_model_whole_and_streamed(run: Run, script: str) -> None:
    found = run(script)

    texts = [found["whole"], "".join(found["pieces"]), found.get("final"), found.get("completion")]
    assert all(text.strip() for text in texts if text is not None), texts
    assert found["finish"] in ("stop", "length")
    assert found["usage"] > MOST_OF_THE_PROMPT
    assert found.get("role", "assistant") == "assistant"
    assert "chat" in found.get("models", ["chat"])


@pytest.mark.parametrize("script", ["refused.py", "refused.mjs"])
def test_client_raises_its_own_error_and_says_why(run: Run, script: str) -> None:
    found = run(script)

    for reason, error, status, why in (
        ("unknown", "NotFoundError", 404, "'no-such-model' does not exist"),
        ("wrong_key", "AuthenticationError", 401, "API key is wrong"),
        (
            "too_long",
            ("BadRequestError", "InvalidRequestError", "ContextOverflowError"),
            400,
            "at most 2048 tokens",
        ),
    ):
        for name, code, said in found[reason]:
            assert name.endswith(error)
            assert code == status
            assert why in said


def test_model_without_tools_answers_in_words_unless_a_tool_is_required(
    linked: Callable[[Example], str], deployed_cloud: "DeployedCloud"
) -> None:
    tool = {"type": "function", "function": {"name": "weather", "parameters": {"type": "object"}}}
    message = {"role": "user", "content": "How is the weather?"}
    call = {"model": linked(Example.CHAT), "messages": [message], "tools": [tool], "max_tokens": 9}
    with httpx.Client(base_url=deployed_cloud.status.openai_url, timeout=60) as http:
        free = http.post("/chat/completions", json=call).json()["choices"][0]
        forced = http.post("/chat/completions", json=call | {"tool_choice": "required"})

    assert free["message"]["content"]
    assert "tool_calls" not in free["message"]
    assert forced.status_code == 400
    assert forced.json()["error"]["message"] == "This model cannot call tools."
