"""Clients that follow a chain of 303 for a request that takes longer than one call may."""

import json
import os
import sys

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "true"  # fetches nothing

import litellm
from langchain_openai import ChatOpenAI
from openai import OpenAI

space = sys.argv[1]
messages = [{"role": "user", "content": "hi"}]
official = OpenAI().chat.completions.create(model=space, messages=messages)
chain = ChatOpenAI(model=space).invoke("hi")
lite = litellm.completion(
    model=f"openai/{space}", messages=messages, api_base=os.environ["OPENAI_BASE_URL"]
)
contents = [official.choices[0].message.content, chain.content, lite.choices[0].message.content]
print(json.dumps(contents))
