"""What a server may send in a stream: JSON of any shape is an answer or an error of the server."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from spaces_protocol.codec import encode
from spaces_worker._functions.result import as_result
from spaces_worker._functions.result_message import message_of
from spaces_worker.adapters._event_stream import MESSAGE, ServerEvent
from spaces_worker.adapters._server_error import ServerError
from spaces_worker.adapters._streamed_call import StreamedCall

NAMES = [
    *("id", "index", "type", "role", "name", "object", "model", "content", "refusal", "text"),
    *("delta", "message", "function", "arguments", "tool_calls", "reasoning", "thinking", "code"),
    *("choices", "usage", "prompt_tokens", "finish_reason", "logprobs", "error", "success"),
]
plain = (
    st.none()
    | st.booleans()
    | st.integers(-1, 3)
    | st.floats()
    | st.sampled_from(["", "x", "\ud83d"])
)
values = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3)
    ),
    max_leaves=8,
)
calls = st.lists(
    st.fixed_dictionaries({}, optional={"id": values, "index": values, "function": values}),
    max_size=2,
)
messages = st.fixed_dictionaries({}, optional={"content": values, "tool_calls": calls | values})
choices = st.fixed_dictionaries(
    {},
    optional={
        "index": values,
        "delta": messages | values,
        "message": messages | values,
        "finish_reason": values | st.just("stop"),
        "text": values,
    },
)
chunks = st.fixed_dictionaries(
    {},
    optional={
        "object": st.sampled_from(["chat.completion", "text_completion"]) | values,
        "choices": st.lists(choices | values, max_size=3) | values,
        "usage": values,
        "id": values,
        "model": values,
    },
)


@settings(max_examples=400)
@given(
    st.sampled_from(["chat.completions", "completions"]),
    st.integers(1, 2),
    st.lists(chunks | values, max_size=5),
)
def test_a_stream_of_any_shape_is_an_answer_or_an_error(endpoint, count, stream):
    answer = StreamedCall(endpoint, {"n": count}, "tiny")
    try:
        pieces = [
            piece
            for each in stream
            for piece in answer.take(ServerEvent(MESSAGE, json.dumps(each)))
        ]
        pieces += answer.take_whole()
    except ServerError:
        return
    text = "".join(each.text for each in pieces)
    result = as_result(answer.result("demo.1.abc"), text)

    assert json.loads(encode(message_of("demo.1.abc", result, 0.0)))["request_id"] == "demo.1.abc"
