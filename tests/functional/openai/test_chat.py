"""Chat completions and completions: of spaces that take calls, and of those that take prompts."""

import pytest

from spaces.handlers.openai import whole_answers
from tests.functional.openai.support.playing_worker import ALL
from tests.functional.openai.support.scripts import CHAT, answers, says

TOOL_CALL = {"id": "c1", "type": "function", "function": {"name": "add", "arguments": "{}"}}


def delta(said, **beside):
    choice = {"index": 0, "delta": said, "logprobs": None, "finish_reason": None, **beside}
    return {"id": "x", "object": "chat.completion.chunk", "model": "theirs", "choices": [choice]}


def whole(message, reason="stop", **beside):
    choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": reason}
    return {"id": "x", "object": "chat.completion", "choices": [choice], **beside}


@pytest.fixture
def call_space(live):
    live.create_space("calls", features=("call",))
    return {**CHAT, "model": "calls"}


def test_prompt_space_answers_a_conversation(api, play):
    worker = play(says("Hel", "lo", usage={"input_tokens": 3, "output_tokens": 2}))
    messages = [{"role": "system", "content": "Be brief."}, *CHAT["messages"]]

    answer = api.post("/chat/completions", CHAT | {"messages": messages})

    assert answer.status == 200
    request_id = worker.taken[0].request_id
    assert worker.taken[0].input.prompt == "Be brief.\n\nhi"
    assert answer.headers["x-request-id"] == request_id
    assert answer.body == {
        "id": f"chatcmpl-{request_id}",
        "object": "chat.completion",
        "created": answer.body["created"],
        "model": "echo",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": "Hello", "refusal": None},
                "logprobs": None,
                "finish_reason": "stop",
            }
        ],
        "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5},
    }


def test_prompt_space_streams(api, play):
    play(says("Hel", "lo"))

    answer = api.post("/chat/completions", CHAT | {"stream": True})

    assert answer.headers["Content-Type"] == "text/event-stream"
    *chunks, end = answer.events
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks]
    assert deltas[0] == {"role": "assistant", "content": ""}
    assert "".join(each.get("content", "") for each in deltas) == "Hello"
    assert chunks[-1]["choices"][0]["finish_reason"] == "stop"
    assert "id:" not in answer.text.replace('"id":', "")
    assert end == "[DONE]"


def test_completion_is_text(api, play):
    play(says("Once"))
    body = {"model": "echo", "prompt": "Begin"}

    whole_text = api.post("/completions", body).body
    streamed = api.post("/completions", body | {"stream": True}).events

    assert (whole_text["object"], whole_text["choices"][0]["text"]) == ("text_completion", "Once")
    assert "".join(each["choices"][0]["text"] for each in streamed[:-1]) == "Once"


def test_params_that_the_space_declares_reach_the_worker(api, play):
    schema = {"type": "object", "properties": {"temperature": {}, "beam": {}}}
    worker = play(says("x"), schema=schema)

    api.post("/chat/completions", CHAT | {"temperature": 0.5, "beam": 4, "top_p": 1})

    assert worker.taken[0].input.params == {"temperature": 0.5, "beam": 4}


def test_what_a_prompt_space_cannot_do_is_refused_by_name(api, play):
    worker = play(says("x"))

    answer = api.post("/chat/completions", CHAT | {"tools": [{"type": "function"}]})

    assert answer.status == 400
    assert answer.error["param"] == "tools"
    assert answer.error["type"] == "invalid_request_error"
    assert worker.taken == []


def test_whole_call_reaches_the_worker_as_it_came(api, play, call_space):
    tools = [{"type": "function", "function": {"name": "add", "parameters": {"x": [1, None]}}}]
    body = call_space | {"tools": tools, "n": 2, "stop": ["\n"], "unknown": {"a": 1}, "seed": None}
    message = {"content": None, "tool_calls": [TOOL_CALL], "reasoning_content": "Hm"}
    usage = {"prompt_tokens": 9, "completion_tokens": 1, "total_tokens": 10, "details": {"a": 1}}
    answered = whole(message, "tool_calls", usage=usage, system_fingerprint="fp")
    worker = play(answers(output={"data": answered}), space="calls", endpoints=ALL)

    answer = api.post("/chat/completions", body)

    call = worker.taken[0].input.call
    assert (call.endpoint, call.body) == ("chat.completions", body)
    request_id = worker.taken[0].request_id
    named = {"id": f"chatcmpl-{request_id}", "model": "calls", "created": answer.body["created"]}
    assert answer.body == answered | named


def test_objects_of_a_call_stream_unchanged(api, play, call_space):
    pieces = [
        [delta({"role": "assistant", "content": None}), delta({"reasoning_content": "Hm"})],
        "Let me see.",
        [delta({"tool_calls": [{"index": 0, **TOOL_CALL}]}, logprobs={"content": []})],
        [delta({}, finish_reason="tool_calls")],
    ]
    message = {"content": "Let me see.", "reasoning_content": "Hm", "tool_calls": [TOOL_CALL]}
    usage = {"prompt_tokens": 9, "completion_tokens": 1, "total_tokens": 10}
    result = {"output": {"data": whole(message, "tool_calls", usage=usage)}}
    play(lambda _: iter([*pieces, result]), space="calls", endpoints=ALL)
    body = call_space | {"stream": True, "stream_options": {"include_usage": True}}

    *chunks, end = api.post("/chat/completions", body).events

    said = [chunk["choices"][0]["delta"] for chunk in chunks[:-1]]
    assert said == [
        {"role": "assistant", "content": ""},
        {"content": None},
        {"reasoning_content": "Hm"},
        {"content": "Let me see."},
        {"tool_calls": [{"index": 0, **TOOL_CALL}]},
        {},
    ]
    assert chunks[-2]["choices"][0]["finish_reason"] == "tool_calls"
    assert (chunks[-1]["choices"], chunks[-1]["usage"], end) == ([], usage, "[DONE]")


def test_what_was_not_streamed_comes_at_the_end(api, play, call_space):
    result = {"output": {"data": whole({"content": "Hello", "tool_calls": [TOOL_CALL]})}}
    play(lambda _: iter(["Hel", result]), space="calls", endpoints=ALL)

    *chunks, _ = api.post("/chat/completions", call_space | {"stream": True}).events

    said = [chunk["choices"][0]["delta"] for chunk in chunks]
    assert said[-2] == {"content": "lo", "tool_calls": [{"index": 0, **TOOL_CALL}]}
    assert chunks[-1]["choices"][0]["finish_reason"] == "stop"


def test_failure_before_the_first_piece_has_its_status(api, play):
    failure = {"status": "failed", "error": {"message": "Too long.", "type": "prompt_too_long"}}
    play(answers(**failure))

    for stream in (False, True):
        answer = api.post("/chat/completions", CHAT | {"stream": stream})

        assert (answer.status, answer.error["code"]) == (400, "context_length_exceeded")
        assert answer.headers["x-should-retry"] == "false"


def test_failure_in_a_stream_is_its_last_event(api, play):
    failure = {"status": "failed", "error": {"message": "Broken.", "type": "worker_error"}}
    play(lambda _: iter(["Hel", failure]))

    answer = api.post("/chat/completions", CHAT | {"stream": True})

    assert answer.status == 200
    assert answer.events[-1] == {
        "error": {
            "message": "Broken.", "type": "server_error", "param": None, "code": "worker_error"
        }
    }  # fmt: skip


def test_longer_wait_goes_on_elsewhere_and_needs_the_same_key(api, play, live, monkeypatch):
    monkeypatch.setattr(whole_answers, "HOLD_SECONDS", 0.2)

    first = api.post("/chat/completions", CHAT)
    location = first.headers["Location"].removeprefix("/openai/v1")
    second = api.get(location)
    play(says("Hello"))
    monkeypatch.setattr(whole_answers, "HOLD_SECONDS", 25)
    third = api.get(location)

    assert (first.status, second.status, third.status) == (303, 303, 200)
    assert first.headers["Location"] == second.headers["Location"]
    assert third.body["choices"][0]["message"]["content"] == "Hello"


def test_result_without_text_is_shown_as_its_data(api, play):
    play(answers(output={"data": {"language": "fr"}}))

    answer = api.post("/chat/completions", CHAT)

    assert answer.body["choices"][0]["message"]["content"] == '{"language":"fr"}'


def test_endpoint_that_the_worker_does_not_serve_is_named(api, play, call_space):
    play(says("x"), space="calls", endpoints=["chat.completions"])

    answer = api.post("/embeddings", {"model": "calls", "input": "hi"})

    assert (answer.status, answer.error["code"]) == (400, "endpoint_not_served")
    assert "chat.completions" in answer.error["message"]
