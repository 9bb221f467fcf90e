"""The official Python client: models, chat and completions, streamed and not."""

import json

from openai import OpenAI

client = OpenAI()
messages = [{"role": "user", "content": "hi"}]
whole = client.chat.completions.create(model="echo", messages=messages)
raw = client.chat.completions.with_raw_response.create(model="echo", messages=messages)
stream = client.chat.completions.create(model="echo", messages=messages, stream=True)
with client.chat.completions.stream(model="echo", messages=messages) as helper:
    final = helper.get_final_completion()
pieces = [chunk.choices[0].delta.content or "" for chunk in stream]
completion = client.completions.create(model="echo", prompt="hi")
print(
    json.dumps(
        {
            "models": [model.id for model in client.models.list()],
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
