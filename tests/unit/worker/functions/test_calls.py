"""Functions and calls of the OpenAI API: what they get, and what becomes of their answers."""

import msgspec
import pytest

from spaces_protocol.gateway_messages import Input
from spaces_worker import ModelCall, RequestContext, Result, Usage
from spaces_worker._functions.call_input import length_of, plain_messages
from spaces_worker._functions.params import declare_params
from spaces_worker.testing import request_context
from tests.unit.worker.support.runner_harness import RunnerHarness

TALK = [
    {"role": "system", "content": "Be short."},
    {"role": "user", "content": "Who?"},
    {"role": "assistant", "content": "Ada."},
    {
        "role": "user",
        "content": [{"type": "text", "text": "And"}, {"type": "image_url"}, {"text": "when?"}],
    },
    {"role": "tool", "content": "7"},
]
CALL = {
    "type": "function",
    "id": "call_1",
    "function": {"name": "look_up", "arguments": '{"name": "Ada"}'},
}


def chat(messages=TALK, **fields):
    return ModelCall(endpoint="chat.completions", body={"messages": messages, **fields})


def completion(**fields):
    return ModelCall(endpoint="completions", body=fields)


async def outcome(function, call, **options):
    return await RunnerHarness(function, **options).start(sent=Input(call=call)).end()


async def answered(function, call=None, **options):
    message = await outcome(function, call or chat(), **options)
    assert message.status == "completed", message
    return message.output


async def got(function, call, **options):
    """Return what a function noted of a call."""
    notes = []

    def noting(context: RequestContext, params: dict):
        notes.append((context, params))
        return "Hi"

    await answered(noting, call, **options)
    return notes[0]


async def test_a_function_of_messages_gets_the_conversation():
    output = await answered(lambda messages: f"{len(messages)} {messages[0]['role']}")

    assert output.text == "5 system"


async def test_a_function_of_messages_gets_a_prompt_as_one_message():
    message = await RunnerHarness(lambda messages: f"{messages}").start().end()

    assert message.output.text == "[{'role': 'user', 'content': 'Hello'}]"
    assert message.output.data is None


@pytest.mark.parametrize(
    ("call", "prompt"),
    [
        (chat(), "And\nwhen?"),
        (chat(TALK[:3]), "Who?"),
        (chat([]), ""),
        (chat(TALK[:1]), ""),
        (chat("odd"), ""),
        (chat(["odd", {"role": "user", "content": None}]), ""),
        (completion(prompt="Once"), "Once"),
        (completion(prompt=["Once"]), "Once"),
        (completion(prompt=["a", "b"]), ""),
        (completion(prompt=[1, 2]), ""),
        (completion(), ""),
    ],
)
async def test_a_function_of_a_prompt_gets_the_last_text_of_the_user(call, prompt):
    output = await answered(lambda prompt: f"<{prompt}>", call)

    assert output.text == f"<{prompt}>"


async def test_a_function_of_messages_gets_the_prompt_of_a_completion():
    output = await answered(lambda messages: messages[0]["content"], completion(prompt="Once"))

    assert output.text == "Once"


async def test_the_context_has_the_whole_call():
    call = chat(tools=[{"type": "function"}], odd=1)

    context, _ = await got(None, call)

    assert context.call == call


async def test_params_are_the_other_fields_of_the_call():
    _, params = await got(None, chat(temperature=0.5, stop=None, model="x", stream=True))

    assert params == {"temperature": 0.5}


class Options(msgspec.Struct, forbid_unknown_fields=True):
    temperature: float = 1.0


async def test_declared_params_are_taken_from_the_call_and_others_ignored():
    def function(prompt, params: Options):
        return str(params.temperature)

    told = await answered(function, chat(temperature=0.5, top_k=3))
    silent = await answered(function, chat(temperature=None))

    assert (told.text, silent.text) == ("0.5", "1.0")


async def test_a_wrong_param_of_a_call_is_named():
    message = await outcome(
        lambda prompt: "Hi", chat(temperature="hot"), params=declare_params(Options)
    )

    assert message.error.type == "invalid_params"
    assert "temperature" in message.error.message


async def test_the_answer_to_a_chat_is_the_object_of_the_api():
    usage = Usage(input_tokens=2, output_tokens=3)

    output = await answered(lambda prompt: Result(text="Hi", model="tiny", usage=usage))

    assert output.text == "Hi"
    created = output.data.pop("created")
    assert isinstance(created, int)
    assert output.data == {
        "id": "chatcmpl-a",
        "object": "chat.completion",
        "model": "tiny",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": "Hi"},
                "logprobs": None,
                "finish_reason": "stop",
            }
        ],
        "usage": {"prompt_tokens": 2, "completion_tokens": 3, "total_tokens": 5},
    }


async def test_the_answer_to_a_completion_is_the_object_of_the_api():
    output = await answered(lambda prompt: f"{prompt} upon", completion(prompt="Once"))

    (choice,) = output.data["choices"]
    assert (output.data["object"], output.data["model"]) == ("text_completion", "translate")
    assert choice == {"index": 0, "text": "Once upon", "logprobs": None, "finish_reason": "stop"}


async def test_yielded_text_is_streamed_and_the_content():
    def function(messages):
        yield "Hel"
        yield "lo"

    harness = RunnerHarness(function).start(sent=Input(call=chat()))
    output = (await harness.end()).output

    assert harness.texts == ["Hel", "lo"]
    assert output.text == output.data["choices"][0]["message"]["content"] == "Hello"


async def test_a_message_can_call_tools():
    output = await answered(lambda messages: Result(message={"tool_calls": [CALL]}))

    assert output.text is None
    (choice,) = output.data["choices"]
    assert choice["message"] == {"role": "assistant", "content": None, "tool_calls": [CALL]}
    assert choice["finish_reason"] == "tool_calls"


async def test_a_message_may_have_content_beside_the_calls():
    def function(messages):
        yield "Let me see."
        yield Result(message={"tool_calls": [CALL], "reasoning_content": "hm"})

    (choice,) = (await answered(function)).data["choices"]

    assert choice["message"] == {
        "role": "assistant",
        "content": "Let me see.",
        "tool_calls": [CALL],
        "reasoning_content": "hm",
    }


async def test_a_finish_reason_is_named_as_data():
    cut = Result(text="Once", data={"finish_reason": "length"})

    output = await answered(lambda prompt: cut)

    assert output.data["choices"][0]["finish_reason"] == "length"
    assert "data" not in output.data


async def test_data_is_the_text_of_an_answer_without_one():
    output = await answered(lambda prompt: {"words": 2})

    assert output.text == output.data["choices"][0]["message"]["content"] == '{"words":2}'


async def test_data_beside_a_text_is_not_lost():
    output = await answered(lambda prompt: Result(text="Hi", data={"words": 1}))

    assert output.data["data"] == {"words": 1}


async def test_a_message_answers_a_prompt_too():
    said = {"role": "assistant", "content": "Hi"}

    plain = await RunnerHarness(lambda prompt: Result(message=said)).start().end()
    calling = Result(message={**said, "tool_calls": [CALL]})
    more = await RunnerHarness(lambda prompt: calling).start().end()

    assert (plain.output.text, plain.output.data) == ("Hi", None)
    assert (more.output.text, more.output.data) == ("Hi", {**said, "tool_calls": [CALL]})


async def test_a_message_must_be_a_dict():
    with pytest.raises(TypeError, match=r"Result\.message must be a dict, not str"):
        Result(message="Hi")


async def test_a_call_to_an_endpoint_that_is_not_served_fails_with_the_list():
    call = ModelCall(endpoint="embeddings", body={"input": "a"})

    message = await outcome(lambda prompt: "Hi", call)

    assert message.error.type == "endpoint_not_served"
    assert "it serves chat.completions, completions." in message.error.message


async def test_a_function_that_takes_calls_answers_with_its_own_object():
    call = ModelCall(endpoint="embeddings", body={"input": "a", "temperature": "odd"})

    output = await answered(
        lambda context: {"object": context.call.endpoint},
        call,
        params=declare_params(Options),
        endpoints=("embeddings",),
    )

    assert (output.text, output.data) == (None, {"object": "embeddings"})


def test_a_context_for_tests_can_have_a_call():
    with request_context(call=chat()) as context:
        assert context.prompt == "And\nwhen?"
        assert context.messages == TALK


@pytest.mark.parametrize(
    ("call", "choice", "text"),
    [
        (chat(), {"message": {"role": "assistant", "content": "Hi"}}, "Hi"),
        (chat(), {"message": {"tool_calls": [CALL]}}, None),
        (completion(prompt="a"), {"text": "Hi"}, "Hi"),
        (chat(), "odd", None),
    ],
)
async def test_data_that_is_a_whole_answer_is_taken_as_it_is(call, choice, text):
    kind = "chat.completion" if call.endpoint == "chat.completions" else "text_completion"
    whole = {"object": kind, "choices": [choice], "odd": 1}

    output = await answered(lambda prompt: whole, call)

    assert (output.text, output.data) == (text, whole)


def test_messages_for_models_that_read_nothing_but_text():
    assert [each["content"] for each in plain_messages(TALK)] == [
        "Be short.",
        "Who?",
        "Ada.",
        "And\nwhen?",
        "7",
    ]


@pytest.mark.parametrize(
    ("fields", "length"),
    [
        ({"max_tokens": 5}, 5),
        ({"max_tokens": 5, "max_completion_tokens": 3}, 3),
        ({"max_tokens": "5"}, None),
        ({}, None),
    ],
)
def test_the_longest_answer_has_two_names(fields, length):
    assert length_of(chat(**fields)) == length
