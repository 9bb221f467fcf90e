"""LiteLLM: whole and streamed."""

import json
import os
import sys

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "true"  # fetches nothing

import litellm

options = {
    "model": f"openai/{sys.argv[1]}",
    "messages": [{"role": "user", "content": "hi"}],
    "api_base": os.environ["OPENAI_BASE_URL"],
}
whole = litellm.completion(**options)
pieces = list(litellm.completion(**options, stream=True))
print(
    json.dumps(
        {
            "whole": whole.choices[0].message.content,
            "usage": whole.usage.total_tokens,
            "pieces": [piece.choices[0].delta.content or "" for piece in pieces],
            "finish": pieces[-1].choices[0].finish_reason,
        }
    )
)
