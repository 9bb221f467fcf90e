"""Chunks of an answer that streams."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spaces.domain.openai.chunks import ChunkMaker
from spaces.domain.openai.completions import Named, completion, usage_of
from spaces.domain.openai.joined_deltas import Diverged

CHAT = Named("chat.completions", "chat.1.abc", "chat", 1_700_000_000)
LEGACY = CHAT._replace(endpoint="completions")


def whole(text, **beside):
    return completion(CHAT, None, text, usage_of({"input_tokens": 3, "output_tokens": 2})) | beside


def piece(delta, index=0, **beside):
    choice = {"index": index, "delta": delta, "logprobs": None, "finish_reason": None}
    return {"id": "theirs", "model": "theirs", "choices": [choice | beside]}


def content_of(chunks):
    return "".join(c["delta"].get("content") or "" for each in chunks for c in each["choices"])


def reasons_of(chunks):
    return [c["finish_reason"] for each in chunks for c in each["choices"] if c["finish_reason"]]


def test_stream_has_role_text_finish_reason_and_one_name_throughout():
    maker = ChunkMaker(CHAT)

    chunks = [*maker.begin(), *maker.text("Hel"), maker.idle(), *maker.text("lo")]
    chunks += maker.finish(whole("Hello"))

    assert chunks[0]["choices"][0]["delta"] == {"role": "assistant", "content": ""}
    assert content_of(chunks) == "Hello"
    assert reasons_of(chunks) == ["stop"]
    assert {(c["id"], c["model"], c["created"], c["object"]) for c in chunks} == {
        ("chatcmpl-chat.1.abc", "chat", 1_700_000_000, "chat.completion.chunk")
    }


def test_keep_alive_has_an_empty_delta():
    assert ChunkMaker(CHAT).idle()["choices"][0]["delta"] == {}


def test_usage_that_was_asked_for_is_a_last_chunk_without_choices():
    maker = ChunkMaker(CHAT, include_usage=True)

    chunks = [*maker.begin(), *maker.text("Hi"), *maker.finish(whole("Hi"))]

    assert chunks[-1]["choices"] == []
    assert chunks[-1]["usage"] == {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}
    assert all(chunk["choices"] and chunk["usage"] is None for chunk in chunks[:-1])


def test_usage_that_was_not_asked_for_comes_with_the_finish_reason():
    maker = ChunkMaker(CHAT)

    chunks = [*maker.text("Hi"), *maker.finish(whole("Hi"))]

    assert all(chunk["choices"] for chunk in chunks)
    assert [("usage" in chunk) for chunk in chunks] == [False, True]


def test_refused_usage_is_nowhere():
    maker = ChunkMaker(CHAT, include_usage=False)

    chunks = [*maker.deltas([piece({"content": "Hi"}) | {"usage": {"total_tokens": 9}}])]
    chunks += maker.finish(whole("Hi"))

    assert not any(chunk.get("usage") for chunk in chunks)


def test_objects_of_the_worker_pass_with_their_unknown_fields():
    maker = ChunkMaker(CHAT)
    sent = piece({"reasoning_content": "Hm"}, logprobs={"content": [1]}) | {"timings": {"ms": 3}}

    [passed] = maker.deltas([sent])

    assert passed["choices"] == sent["choices"]
    assert passed["timings"] == {"ms": 3}
    assert passed["id"] == "chatcmpl-chat.1.abc"


def test_role_is_not_repeated():
    maker = ChunkMaker(CHAT)

    chunks = [*maker.begin(), *maker.deltas([piece({"role": "assistant", "content": "A"})])]
    chunks += maker.deltas([piece({"role": "assistant"}, index=1), piece({"role": "a"}, index=1)])

    said = [choice["delta"] for chunk in chunks for choice in chunk["choices"]]
    assert said[1:] == [{"content": "A"}, {"role": "assistant"}, {}]


def test_finish_reason_of_the_server_is_kept_and_comes_after_what_was_missing():
    maker = ChunkMaker(CHAT)
    chunks = maker.deltas([piece({"content": "He"}), piece({}, finish_reason="length")])

    ended = maker.finish(whole("Hello"))

    assert reasons_of(chunks) == []
    assert content_of(ended) == "llo"
    assert [c["choices"][0]["finish_reason"] for c in ended] == [None, "length"]


def test_text_that_comes_with_the_finish_reason_is_sent_once():
    maker = ChunkMaker(CHAT)

    chunks = maker.deltas([piece({"content": "Hello"}, finish_reason="stop")])
    chunks += maker.finish(whole("Hello"))

    assert (content_of(chunks), reasons_of(chunks)) == ("Hello", ["stop"])


def test_tool_calls_that_were_lost_on_the_way_come_at_the_end():
    maker = ChunkMaker(CHAT)
    call = {"id": "call_1", "type": "function", "function": {"name": "add", "arguments": '{"a"'}}
    maker.deltas([piece({"tool_calls": [{"index": 0, **call}]})])
    full = {**call, "function": {"name": "add", "arguments": '{"a":1}'}}
    other = {"id": "call_2", "type": "function", "function": {"name": "sub", "arguments": "{}"}}
    message = {"role": "assistant", "content": None, "tool_calls": [full, other]}
    choice = {"index": 0, "message": message, "finish_reason": "tool_calls"}

    missing, end = maker.finish({"choices": [choice]})

    assert missing["choices"][0]["delta"] == {
        "tool_calls": [
            {"index": 0, "function": {"arguments": ":1}"}},
            {"index": 1, **other},
        ]
    }
    assert end["choices"][0]["finish_reason"] == "tool_calls"


def test_every_choice_ends():
    maker = ChunkMaker(CHAT)
    maker.deltas([piece({"content": "A"}), piece({"content": "B"}, index=1)])
    choices = [
        {"index": n, "message": {"content": text}, "finish_reason": "stop"}
        for n, text in enumerate(["A", "B!"])
    ]

    chunks = maker.finish({"choices": choices})

    assert [c["choices"][0]["index"] for c in chunks] == [0, 1, 1]
    assert content_of(chunks) == "!"


def test_answer_of_another_attempt_that_begins_differently_is_an_error():
    maker = ChunkMaker(CHAT)
    maker.text("Once upon")

    with pytest.raises(Diverged):
        maker.finish(whole("Twice"), must_agree=True)


def test_result_of_the_same_attempt_may_say_it_in_other_words():
    maker = ChunkMaker(CHAT)
    maker.text("Once upon")

    chunks = maker.finish(whole("Twice"))

    assert (content_of(chunks), reasons_of(chunks)) == ("", ["stop"])


def test_completions_stream_text_without_a_role():
    maker = ChunkMaker(LEGACY)

    chunks = [*maker.begin(), *maker.text("a"), maker.idle()]
    chunks += maker.finish(completion(LEGACY, None, "ab", usage_of(None)))

    assert [c["choices"][0]["text"] for c in chunks] == ["a", "", "b", ""]
    assert reasons_of(chunks) == ["stop"]
    assert {c["object"] for c in chunks} == {"text_completion"}
    assert chunks[0]["id"] == "cmpl-chat.1.abc"


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
names = st.sampled_from(
    ["index", "delta", "finish_reason", "role", "content", "tool_calls", "text", "choices", "usage"]
)
hostile = st.dictionaries(names, json | st.lists(st.dictionaries(names, json), max_size=3))


@given(st.lists(hostile | json, max_size=4), st.sampled_from([None, True, False]))
def test_objects_of_any_shape_break_nothing(objects, include_usage):
    maker = ChunkMaker(CHAT, include_usage=include_usage)

    chunks = [*maker.begin(), *maker.deltas(objects)]
    chunks += maker.finish(completion(CHAT, None, "", usage_of(None)))

    assert chunks[-1]["object"] == "chat.completion.chunk"


@given(st.text(max_size=30), st.data())
def test_pieces_and_the_rest_are_the_whole_text(text, data):
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=5)))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    sent = data.draw(st.integers(0, len(pieces)))
    maker = ChunkMaker(CHAT)

    chunks = [chunk for each in pieces[:sent] for chunk in maker.text(each)]
    chunks += maker.finish(whole(text))

    assert content_of(chunks) == text


def tool_call(index, number):
    function = {"name": "pay", "arguments": f'{{"eur":{number}}}'}
    return {"index": index, "id": f"call_{number}", "type": "function", "function": function}


@pytest.mark.parametrize("sent", [[], [0], [1], [0, 2], [1, 2], [2, 5]], ids=str)
@pytest.mark.parametrize("unsent", [0, 1])
def test_each_tool_call_comes_once_however_the_server_numbers_them(sent, unsent):
    streamed = [tool_call(index, number) for number, index in enumerate(sent)]
    calls = [*streamed, *(tool_call(0, number) for number in range(7, 7 + unsent))]
    final = [{name: each[name] for name in each if name != "index"} for each in calls]
    message = {"role": "assistant", "content": "Let me pay.", "tool_calls": final}
    maker = ChunkMaker(CHAT)

    chunks = [*maker.begin(), *maker.deltas([piece({"content": "Let me pay."})])]
    for each in streamed:
        chunks += maker.deltas([piece({"tool_calls": [each]})])
    answer = completion(CHAT, {"choices": [{"index": 0, "message": message}]}, "", {})
    chunks += maker.finish(answer)

    heard = [
        call
        for each in chunks
        for c in each["choices"]
        for call in c["delta"].get("tool_calls", ())
    ]
    assert [each["id"] for each in heard] == [each["id"] for each in calls]
    assert len({each["index"] for each in heard}) == len(calls)
