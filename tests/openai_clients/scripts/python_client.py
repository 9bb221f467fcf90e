"""The official Python client: models, chat and completions, streamed and not."""

import json
import sys

from openai import OpenAI

client = OpenAI()
model = sys.argv[1]
messages = [{"role": "user", "content": "hi"}]
whole = client.chat.completions.create(model=model, messages=messages)
raw = client.chat.completions.with_raw_response.create(model=model, messages=messages)
stream = client.chat.completions.create(model=model, messages=messages, stream=True)
with client.chat.completions.stream(model=model, messages=messages) as helper:
    final = helper.get_final_completion()
pieces = [chunk.choices[0].delta.content or "" for chunk in stream]
completion = client.completions.create(model=model, prompt="hi")
print(
    json.dumps(
        {
            "models": [each.id for each in client.models.list()],
            "whole": whole.choices[0].message.content,
            "usage": whole.usage.total_tokens,
            "request_id": raw.headers["x-request-id"],
            "pieces": pieces,
            "final": final.choices[0].message.content,
            "role": final.choices[0].message.role,
            "finish": final.choices[0].finish_reason,
            "completion": completion.choices[0].text,
        }
    )
)
