"""What becomes of the pieces of a streamed answer; OpenAI's own client judges random ones."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openai.lib.streaming.chat import ChatCompletionStreamState
from openai.types.chat import ChatCompletionChunk

from spaces_worker import UserError
from spaces_worker.adapters._growing_fields import GrowingFields, _GrowingText
from spaces_worker.adapters._joined_answer import JoinedAnswer

TEXTS = st.text(max_size=6)
TOKENS = st.fixed_dictionaries(
    {"token": TEXTS, "logprob": st.floats(-9, 0), "bytes": st.none(), "top_logprobs": st.just([])}
)
LOGPROBS = st.none() | st.fixed_dictionaries(
    {"content": st.none() | st.lists(TOKENS, min_size=1, max_size=2), "refusal": st.none()}
)
FIELDS = {
    "content": st.none() | TEXTS,
    "refusal": st.none() | TEXTS,
    "reasoning_content": TEXTS,
    "provider": st.fixed_dictionaries({}, optional={"note": TEXTS, "notes": st.lists(TEXTS)}),
}


def joined(*chunks, kind="chat.completion", choices=1):
    answer = JoinedAnswer(kind, choices)
    for chunk in chunks:
        answer.add(chunk)
    return answer.whole()


def chunk(*, finish=None, index=0, more=(), **delta):
    choice = {"index": index, "delta": delta, "finish_reason": finish, **dict(more)}
    return {"object": "chat.completion.chunk", "choices": [choice]}


def message(*chunks):
    return joined(*chunks)["choices"][0]["message"]


@st.composite
def pieces_of_calls(draw):
    """Return the pieces of some calls: each begins whole but for its arguments, in order."""
    pieces = []
    for index in range(draw(st.integers(0, 3))):
        begin = {"id": f"call_{index}", "type": "function"}
        pieces.append({"index": index, **begin, "function": {"name": draw(TEXTS), "arguments": ""}})
        for argument in draw(st.lists(TEXTS, max_size=4)):
            again = draw(st.integers(0, index))
            pieces.append({"index": again, "function": {"arguments": argument}})
    return pieces


@st.composite
def deltas(draw):
    """Return the deltas of one alternative."""
    told = draw(st.lists(st.fixed_dictionaries({}, optional=FIELDS), max_size=6))
    pieces = draw(pieces_of_calls())
    while pieces:
        taken = draw(st.integers(1, len(pieces)))
        told.append({"tool_calls": pieces[:taken]})
        pieces = pieces[taken:]
    return [{"role": "assistant", "content": ""}, *told]


@st.composite
def streams(draw):
    """Return the chunks of a stream, in which the alternatives take turns at random."""
    waiting = [draw(deltas()) for _ in range(draw(st.integers(1, 3)))]
    count = len(waiting)
    begun = [(index, waiting[index].pop(0)) for index in range(count)]
    order = draw(st.permutations([i for i, told in enumerate(waiting) for _ in told]))
    # The client counts the logprobs of a later alternative's first chunk twice.
    chunks = [_chunk(index, delta, None) for index, delta in begun]
    chunks += [_chunk(index, waiting[index].pop(0), draw(LOGPROBS)) for index in order]
    reason = st.sampled_from(["stop", "length", "tool_calls"])
    chunks += [_chunk(index, {}, None, draw(reason)) for index in range(count)]
    usage = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}
    return count, [*chunks, {**ENVELOPE, "choices": [], "usage": usage}]


ENVELOPE = {
    "id": "chatcmpl-1",
    "object": "chat.completion.chunk",
    "created": 7,
    "model": "tiny",
    "system_fingerprint": "fp",
}


def _chunk(index, delta, logprobs, finish=None):
    choice = {"index": index, "delta": delta, "logprobs": logprobs, "finish_reason": finish}
    return {**ENVELOPE, "choices": [choice]}


def bare(value):
    """Return a value without nulls, which the client leaves out, and what only the client adds."""
    dropped = {"parsed", "parsed_arguments"}
    match value:
        case dict():
            kept = {name: bare(each) for name, each in value.items() if name not in dropped}
            return {name: each for name, each in kept.items() if each is not None}
        case list():
            return [bare(each) for each in value]
    return value


def judged(chunks):
    state = ChatCompletionStreamState()
    for each in chunks:
        state.handle_chunk(ChatCompletionChunk.model_validate(each))
    whole = state.current_completion_snapshot.to_dict()
    for choice in whole["choices"]:
        for call in choice["message"].get("tool_calls") or []:
            call.pop("index", None)  # of the pieces only
    return bare(whole)


@settings(max_examples=100, deadline=None)
@given(streams())
def test_pieces_are_joined_as_openais_own_client_joins_them(stream):
    count, chunks = stream

    assert bare(joined(*chunks, choices=count)) == judged(chunks)


def test_a_whole_answer_is_returned_as_it_came():
    call = {"id": "1", "index": 4, "type": "function", "function": {"name": "f"}}
    choice = {"index": 0, "message": {"tool_calls": [call]}, "finish_reason": "tool_calls"}
    answer = {"object": "chat.completion", "choices": [choice], "usage": None, "odd": [1]}

    assert joined(answer) == answer


def test_a_whole_message_after_its_pieces_is_not_added_to_them():
    repeated = {"choices": [{"index": 0, "message": {"content": "ab"}, "finish_reason": "stop"}]}

    assert message(chunk(content="a"), chunk(content="b"), repeated)["content"] == "ab"


def test_what_is_said_again_with_every_chunk_is_not_joined():
    call = {"index": 0, "id": "1", "type": "function"}
    pieces = [
        chunk(role="assistant", tool_calls=[{**call, "function": {"name": "f", "arguments": each}}])
        for each in ('{"a"', ":1}")
    ]

    assert message(*pieces) == {
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {"id": "1", "type": "function", "function": {"name": "f", "arguments": '{"a":1}'}}
        ],
    }


def test_an_empty_id_does_not_erase_the_first():
    calls = [{"index": 0, "id": each, "function": {"arguments": "x"}} for each in ("1", "", None)]

    (call,) = message(*(chunk(tool_calls=[each]) for each in calls))["tool_calls"]

    assert call == {"id": "1", "function": {"arguments": "xxx"}}


def test_calls_without_an_index_are_told_apart_by_their_ids():
    calls = [
        {"id": "1", "function": {"name": "f", "arguments": "{"}},
        {"function": {"arguments": "}"}},
        {"id": "2", "function": {"name": "f", "arguments": "{}"}},
    ]

    assert message(*(chunk(tool_calls=[each]) for each in calls))["tool_calls"] == [
        {"id": "1", "function": {"name": "f", "arguments": "{}"}},
        {"id": "2", "function": {"name": "f", "arguments": "{}"}},
    ]


@pytest.mark.parametrize("odd", [["x"], {"x": 1}, 7])
def test_an_id_that_is_no_text_does_not_fail_the_answer(odd):
    call = {"id": odd, "function": {"arguments": "{"}}

    (made,) = message(*[chunk(tool_calls=[call])] * 2)["tool_calls"]

    assert made["function"] == {"arguments": "{{"}


@pytest.mark.parametrize(
    "calls",
    [
        [{"id": "1", "function": {"arguments": "x"}}] * 50,
        [{"function": {"arguments": "x"}}] * 50,
        [{"index": 0, "function": {"name": f"{number:04}"}} for number in range(50)],
    ],
    ids=["with an id", "without an id", "with pieces of the name"],
)
def test_the_call_so_far_is_not_put_together_for_every_piece(monkeypatch, calls):
    put_together = []
    for kind in (GrowingFields, _GrowingText):
        monkeypatch.setattr(
            kind, "whole", lambda self, whole=kind.whole: put_together.append(1) or whole(self)
        )
    answer = JoinedAnswer("chat.completion")

    for each in calls:
        answer.add(chunk(tool_calls=[each]))

    assert len(put_together) <= 1


def test_a_content_of_parts_and_text_keeps_both_in_order():
    thought = {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}

    content = message(chunk(content="a"), chunk(content=[thought]), chunk(content="b"))["content"]

    assert content == [{"type": "text", "text": "a"}, thought, {"type": "text", "text": "b"}]


def test_only_the_last_of_a_field_about_the_answer_counts_and_null_does_not():
    first = {"citations": ["a"], "service_tier": "x", "usage": {"prompt_tokens": 3}, "choices": []}
    last = {"citations": ["a", "b"], "service_tier": None, "usage": {"completion_tokens": 2}}

    whole = joined(first, last)

    assert (whole["citations"], whole["service_tier"]) == (["a", "b"], "x")
    assert whole["usage"] == {"prompt_tokens": 3, "completion_tokens": 2}


def test_an_index_that_counts_tokens_is_not_an_alternative():
    whole = joined(chunk(index=0, content="a"), chunk(index=1, content="b"))

    assert [each["message"]["content"] for each in whole["choices"]] == ["ab"]


def test_there_are_no_more_alternatives_than_were_asked_for():
    whole = joined(*(chunk(index=index, content="a") for index in range(-9, 9)), choices=2)

    assert [each["index"] for each in whole["choices"]] == [0, 1]


def test_a_missing_finish_reason_is_filled_in():
    call = {"index": 0, "id": "1", "function": {"name": "f", "arguments": ""}}

    assert joined(chunk(content="a"))["choices"][0]["finish_reason"] == "stop"
    assert joined(chunk(tool_calls=[call]))["choices"][0]["finish_reason"] == "tool_calls"


def test_completions_have_texts_and_their_own_form_of_logprobs():
    def piece(text, offset, finish=None):
        logprobs = {"tokens": [text], "text_offset": [offset], "top_logprobs": [{text: -1.0}]}
        choice = {"index": 0, "text": text, "logprobs": logprobs, "finish_reason": finish}
        return {"id": "cmpl-1", "object": "text_completion", "choices": [choice]}

    assert joined(piece("a", 0), piece("b", 1, "length"), kind="text_completion") == {
        "id": "cmpl-1",
        "object": "text_completion",
        "choices": [
            {
                "index": 0,
                "text": "ab",
                "logprobs": {
                    "tokens": ["a", "b"],
                    "text_offset": [0, 1],
                    "top_logprobs": [{"a": -1.0}, {"b": -1.0}],
                },
                "finish_reason": "length",
            }
        ],
    }


def test_the_verdict_of_a_filter_is_replaced_by_the_next():
    verdict = {"content_filter_results": {"hate": {"severity": "safe"}}}

    whole = joined(chunk(content="a", more=verdict), chunk(content="b", more=verdict))

    assert whole["choices"][0]["content_filter_results"] == {"hate": {"severity": "safe"}}


def test_all_alternatives_must_have_ended():
    answer = JoinedAnswer("chat.completion", 2)
    answer.add(chunk(index=1, content="b", finish="stop"))
    early = answer.is_finished
    answer.add(chunk(index=0, content="a", finish="stop"))

    assert (early, answer.is_finished) == (False, True)


@pytest.mark.parametrize(
    "delta",
    [
        {"content": "again " * 5000},
        {"reasoning_details": [{"text": "again " * 5000}]},
        {"tool_calls": [{"index": 0, "function": {"arguments": "again " * 5000}}]},
    ],
)
def test_an_answer_without_end_is_ended(delta):
    with pytest.raises(UserError, match="too large to deliver"):
        joined(*[chunk(**delta)] * 1000)


MEGABYTE = "x" * 10**6
NUMBER = 10**4200


@pytest.mark.parametrize(
    "piece",
    [
        lambda number: {"choices": [], f"field{number}": MEGABYTE},
        lambda number: {"choices": [], f"field{number}": {"a": [MEGABYTE]}},
        lambda number: {"usage": {f"field{number}": MEGABYTE}},
        lambda number: {"choices": [{f"field{number}": MEGABYTE}]},
        lambda number: chunk(tool_calls=[{"index": number, "id": MEGABYTE}]),
        lambda number: chunk(**{f"field{number}": NUMBER}),
    ],
    ids=["text", "object", "usage", "choice", "id", "number"],
)
def test_new_fields_without_end_end_the_answer(piece):
    with pytest.raises(UserError, match="too large to deliver"):
        joined(*map(piece, range(1100)))


@pytest.mark.parametrize(
    "piece",
    [
        lambda number: {"choices": [], "timings": {"a": f"{number}{MEGABYTE}"}},
        lambda number: {"usage": {"cost": f"{number}{MEGABYTE}"}},
        lambda number: {"choices": [{"stop_reason": f"{number}{MEGABYTE}"}]},
    ],
    ids=["field", "usage", "choice"],
)
def test_a_field_that_is_replaced_does_not_add_up(piece):
    assert joined(*map(piece, range(10)))


def test_a_role_alone_says_nothing():
    answer = JoinedAnswer("chat.completion")
    answer.add(chunk(role="assistant", content=""))
    early = answer.says_something
    answer.add(chunk(reasoning="hm"))

    assert (early, answer.says_something) == (False, True)
