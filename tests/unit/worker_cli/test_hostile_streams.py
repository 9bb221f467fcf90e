"""A server may send JSON of any shape: each is an answer, or an error of the server."""

import json
from contextlib import suppress

import pytest

from spaces_protocol.codec import encode
from spaces_worker import UserError
from spaces_worker._functions.result import as_result
from spaces_worker._functions.result_message import message_of
from spaces_worker.adapters._event_stream import MESSAGE, ServerEvent
from spaces_worker.adapters._server_error import ServerError
from spaces_worker.adapters._streamed_call import StreamedCall

ODD = [
    *(None, True, -1, 1, 1.5, float("nan"), 10**400, "", "x", "\ud83d"),
    *([], ["x"], [None], [["x"]], [{}], {}, {"x": 1}, {"id": ["x"]}),
]
USAGE = {"prompt_tokens": 3, "completion_tokens": 2}


def piece(finish=None, **delta):
    choice = {"index": 0, "delta": delta, "text": None, "finish_reason": finish, "logprobs": {}}
    return {"id": "1", "object": "chat.completion.chunk", "model": "m", "choices": [choice]}


def call(**fields):
    return {"type": "function", "function": {"name": "f", "arguments": "{"}, **fields}


def whole(kind, **said):
    choice = {"index": 0, "finish_reason": "stop", **said}
    return {"id": "1", "object": kind, "choices": [choice], "usage": USAGE}


PARTS = [{"type": "text", "text": "a"}, {"type": "thinking", "thinking": [{"text": "hm"}]}]
STREAMS = {
    "text": [piece(role="assistant", content="a"), piece(content=PARTS), piece("stop")],
    "thoughts": [piece(reasoning="hm"), piece(refusal="no"), piece("stop"), {"usage": USAGE}],
    "numbered calls": [piece(tool_calls=[call(index=0, id="1")])] * 2 + [piece("tool_calls")],
    "calls by id": [piece(tool_calls=[call(id="1"), call(id="2")])] * 2 + [piece("tool_calls")],
    "a whole message": [
        whole("chat.completion", message={"content": "a", "tool_calls": [call(id="1")]})
    ],
    "a whole text": [whole("text_completion", text="a", logprobs={"tokens": ["a"]})],
    "an error": [{"error": {"message": "no", "type": "x", "code": 400}}],
}


def variants(value):
    """Yield what becomes of a value if it, or one part of it, is something odd."""
    yield from ODD
    if isinstance(value, dict):
        for name, part in value.items():
            yield from ({**value, name: odd} for odd in variants(part))
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from ([*value[:place], odd, *value[place + 1 :]] for odd in variants(part))


def sent_for(endpoint, count, stream):
    """Return what the gateway gets for a stream."""
    answer = StreamedCall(endpoint, {"n": count}, "tiny")
    pieces = [
        piece for each in stream for piece in answer.take(ServerEvent(MESSAGE, json.dumps(each)))
    ]
    text = "".join(each.text for each in [*pieces, *answer.take_whole()])
    result = as_result(answer.result("demo.1.abc"), text)
    return encode(message_of("demo.1.abc", result, 0.0))


@pytest.mark.parametrize(
    ("endpoint", "count"), [("chat.completions", 1), ("chat.completions", 2), ("completions", 1)]
)
@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_with_an_odd_part_is_an_answer_or_an_error(name, endpoint, count):
    for stream in variants(STREAMS[name]):
        if isinstance(stream, list):
            with suppress(ServerError, UserError):
                assert json.loads(sent_for(endpoint, count, stream))["request_id"] == "demo.1.abc"
