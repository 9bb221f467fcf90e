"""A chat of more than 200 KB with everything that only the model's server knows about."""

import base64
import random
from typing import Any


def long_conversation(model: str) -> dict[str, Any]:
    """Return the body of a call that should reach the model's server as it is."""
    picture = base64.b64encode(random.Random(7).randbytes(60_000)).decode()
    seen = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{picture}"}}
    call = {"id": "call_1", "type": "function", "function": {"name": "look", "arguments": "{}"}}
    turns = [{"role": "user", "content": f"Question {n}: " + "wörter " * 100} for n in range(150)]
    schema = {
        "type": "object",
        "properties": {"name": {"type": "string"}},
        "additionalProperties": False,
    }
    return {
        "model": model,
        "messages": [
            {"role": "developer", "content": "Be short."},
            *turns,
            {"role": "user", "content": [{"type": "text", "text": "Grüße 😀 \u2028"}, seen]},
            {"role": "assistant", "content": None, "tool_calls": [call], "odd": 1.0},
            {"role": "tool", "tool_call_id": "call_1", "content": "x" * 20_000},
            {"role": "user", "content": "y" * 20_000},
        ],
        "tools": [
            {"type": "function", "function": {"name": f"tool_{n}", "parameters": schema}}
            for n in range(20)
        ],
        "tool_choice": "auto",
        "response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": schema}},
        "stop": ["\n\n", "###"],
        "n": 1,
        "seed": -9007199254740991,
        "logit_bias": {"7": -100},
        "temperature": 0.0,
        "max_completion_tokens": 100,
        "unknown": {"deep": [None, True, 1e-9]},
        "stream": False,
        "stream_options": {"include_obfuscation": False},
    }
