"""Answers of a server that speaks OpenAI's protocol."""

import json


def chunk(text=None, finish=None, **more):
    delta = {} if text is None else {"content": text}
    return event({"choices": [{"index": 0, "delta": delta, "finish_reason": finish}], **more})


def event(value):
    return b"data: " + json.dumps(value, ensure_ascii=False).encode() + b"\n\n"


def answering(*events):
    return lambda call: call.stream("text/event-stream", events)
