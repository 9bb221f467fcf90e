"""What each client raises: no such model, a wrong key, a call that the model cannot follow."""

import json
import os
import sys

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "true"  # fetches nothing

import litellm
from langchain_openai import ChatOpenAI
from openai import OpenAI

litellm.suppress_debug_info = True  # it would print to the standard output
MODEL = sys.argv[1]
KEY = os.environ["OPENAI_API_KEY"]
MESSAGES = [{"role": "user", "content": "hi"}]
LONG = [{"role": "user", "content": "much too long " * 1_000}]


def official(model=MODEL, key=KEY, messages=MESSAGES, **options):
    OpenAI(api_key=key).chat.completions.create(model=model, messages=messages, **options)


def streamed(**given):
    official(**given, stream=True)


def langchain(model=MODEL, key=KEY, messages=MESSAGES):
    ChatOpenAI(model=model, api_key=key).invoke(messages)


def lite(model=MODEL, key=KEY, messages=MESSAGES):
    base = os.environ["OPENAI_BASE_URL"]
    litellm.completion(f"openai/{model}", messages, api_base=base, api_key=key)


def raised(**given):
    return [_raised(call, given) for call in (official, streamed, langchain, lite)]


def _raised(call, given):
    try:
        call(**given)
    except Exception as error:  # noqa: BLE001 - each client has its own
        return [type(error).__name__, error.status_code, str(error)]
    return None


print(
    json.dumps(
        {
            "unknown": raised(model="no-such-model"),
            "wrong_key": raised(key="wsk_wrong"),
            "too_long": raised(messages=LONG),
        }
    )
)
