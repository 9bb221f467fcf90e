"""The official Python client with a time-out, or with whatever the server does to it."""

import sys

from openai import OpenAI

client = OpenAI(timeout=float(sys.argv[1]), max_retries=3)
messages = [{"role": "user", "content": "hi"}]
whole = client.chat.completions.create(model="echo", messages=messages)
print(whole.choices[0].message.content)
