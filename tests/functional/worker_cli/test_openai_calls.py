"""``--openai``: whole calls pass on as they came, and so do their answers."""

import base64
import itertools
import json
import time

import pytest

from spaces_worker import ModelCall, SettingsError, UserError
from spaces_worker._functions.functions import prepare_function
from spaces_worker.adapters import _plain_answer
from spaces_worker.adapters._call_fields import CallFields
from spaces_worker.adapters.openai import OpenAIChat
from spaces_worker.adapters.openai_calls import endpoints_of
from tests.functional.worker_cli.support.openai_server import answering, event
from tests.long_conversation import long_conversation

pytestmark = pytest.mark.timeout(60)

HELLO = [{"role": "user", "content": "Hello"}]
USAGE = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5, "details": {"cached": 1}}
PNG = b"\x89PNG\r\n\x1a\n" + b"image"
DONE = b"data: [DONE]\n\n"


def chat(messages=HELLO, **fields):
    return ModelCall(endpoint="chat.completions", body={"messages": messages, **fields})


def piece(index=0, finish=None, logprobs=None, **delta):
    choice = {"index": index, "delta": delta, "logprobs": logprobs, "finish_reason": finish}
    return {**ENVELOPE, "choices": [choice]}


ENVELOPE = {"id": "chatcmpl-7", "object": "chat.completion.chunk", "created": 7, "model": "big"}


def streaming(*objects):
    return answering(*map(event, objects), DONE)


def answering_json(value, status=200):
    return lambda call: call.answer(status, "application/json", json.dumps(value).encode())


def asked_for(body):
    """Return a body as the server should get it."""
    options = {"stream": True, "stream_options": {"include_usage": True}}
    return {**body, "model": "tiny", **options}


async def test_a_long_conversation_reaches_the_server_but_for_what_must_change(ask, server):
    server.reply = streaming(piece(content="Hi"), piece(finish="stop"))
    body = long_conversation("my-space")
    assert len(json.dumps(body)) > 200_000

    chat_model = OpenAIChat(f"{server.url}/v1", "tiny", system="Be long.")
    await ask(chat_model, call=ModelCall(endpoint="chat.completions", body=body)).answer()

    options = {"include_obfuscation": False, "include_usage": True}
    assert server.posted == [
        {**body, "model": "tiny", "stream": True, "stream_options": options},
    ]
    assert list(server.posted[0]) == list(body)
    assert server.paths == ["/v1/chat/completions"]


@pytest.mark.parametrize("role", ["system", "developer"])
async def test_the_system_prompt_is_only_for_conversations_without_one(ask, server, role):
    server.reply = streaming(piece(content="Hi", finish="stop"))
    model = OpenAIChat(server.url, "tiny", system="Be short.")
    own = [{"role": role, "content": "Be long."}, *HELLO]

    await ask(model, call=chat()).answer()
    await ask(model, call=chat(own)).answer()

    first, second = [posted["messages"] for posted in server.posted]
    assert first == [{"role": "system", "content": "Be short."}, *HELLO]
    assert second == own


async def test_tool_calls_thoughts_usage_and_logprobs_come_back_unchanged(ask, server):
    call = {"index": 0, "id": "call_1", "type": "function"}
    objects = [
        piece(role="assistant", content=""),
        piece(reasoning_content="Let me "),
        piece(reasoning_content="see."),
        piece(content="I ", logprobs={"content": [{"token": "I ", "logprob": -0.1}]}),
        piece(content="look.", logprobs={"content": [{"token": "look.", "logprob": -0.2}]}),
        piece(tool_calls=[{**call, "function": {"name": "look", "arguments": ""}}]),
        piece(tool_calls=[{"index": 0, "function": {"arguments": '{"a":'}}]),
        piece(tool_calls=[{"index": 0, "function": {"arguments": "1}"}}]),
        piece(finish="tool_calls"),
        {**ENVELOPE, "choices": [], "usage": USAGE, "timings": {"ms": 1}},
    ]
    server.reply = streaming(*objects)
    asked = ask(OpenAIChat(server.url, "tiny"), call=chat())

    result = await asked.answer()

    assert [json.loads(each.delta) for each in asked.streamed] == objects
    assert asked.pieces == ["I ", "look."]
    assert (result.text, result.model, result.usage.total_tokens) == ("I look.", "tiny", 5)
    made = {**call, "function": {"name": "look", "arguments": '{"a":1}'}}
    del made["index"]
    tokens = [{"token": "I ", "logprob": -0.1}, {"token": "look.", "logprob": -0.2}]
    assert result.data == {
        **ENVELOPE,
        "object": "chat.completion",
        "choices": [
            {
                "index": 0,
                "message": {
                    "role": "assistant",
                    "content": "I look.",
                    "reasoning_content": "Let me see.",
                    "tool_calls": [made],
                },
                "logprobs": {"content": tokens},
                "finish_reason": "tool_calls",
            }
        ],
        "usage": USAGE,
        "timings": {"ms": 1},
    }


async def test_a_call_of_a_tool_alone_is_an_answer_without_text(ask, server):
    call = {"index": 0, "id": "1", "function": {"name": "f", "arguments": "{}"}}
    server.reply = streaming(piece(tool_calls=[call]), piece(finish="tool_calls"))

    sent = await ask(OpenAIChat(server.url, "tiny"), call=chat()).sent()

    assert "text" not in sent
    assert sent["data"]["choices"][0]["message"]["tool_calls"][0]["id"] == "1"


async def test_two_alternatives_come_back_and_a_person_reads_the_first(ask, server):
    server.reply = streaming(
        piece(0, content="a"), piece(1, content="x"), piece(0, finish="stop"),
        piece(1, content="y"), piece(1, finish="length"),
    )  # fmt: skip
    asked = ask(OpenAIChat(server.url, "tiny"), call=chat(n=2))

    result = await asked.answer()

    assert result.text == "a"
    assert [
        (each["index"], each["message"]["content"], each["finish_reason"])
        for each in result.data["choices"]
    ] == [(0, "a", "stop"), (1, "xy", "length")]
    assert [each.says_more for each in asked.streamed] == [False, True, True, True, True]


async def test_the_second_alternative_is_waited_for(ask, server):
    server.reply = answering(
        event(piece(0, content="a", finish="stop")), event(piece(1, content="x"))
    )

    with pytest.raises(UserError, match="broke off"):
        await ask(OpenAIChat(server.url, "tiny"), call=chat(n=2)).answer()


async def test_an_object_that_is_nothing_but_text_is_known_as_such(ask, server):
    server.reply = streaming(
        piece(role="assistant", content=""),
        piece(content="a"),
        {**piece(content="b"), "service_tier": "default", "obfuscation": "xyz", "usage": None},
        piece(content="c", refusal=None, tool_calls=[], reasoning_content=""),
        piece(content="d", reasoning_content="hm"),
        {**piece(content="e"), "unknown": 1},
        piece(finish="stop"),
    )
    asked = ask(OpenAIChat(server.url, "tiny"), call=chat())

    await asked.answer()

    told = {each.text: each.says_more for each in asked.streamed if each.text}
    assert told == {"a": False, "b": False, "c": False, "d": True, "e": True}


async def test_an_answer_without_text_is_one_if_it_ended(ask, server):
    server.reply = streaming(piece(role="assistant", content=""), piece(finish="content_filter"))

    result = await ask(OpenAIChat(server.url, "tiny"), call=chat()).answer()

    (choice,) = result.data["choices"]
    assert (choice["message"]["content"], choice["finish_reason"]) == ("", "content_filter")


async def test_completions_are_streamed_too(ask, server):
    def text(index, said, finish=None):
        choice = {"index": index, "text": said, "logprobs": None, "finish_reason": finish}
        return {"id": "cmpl-7", "object": "text_completion", "choices": [choice]}

    server.reply = streaming(text(0, "a"), text(1, "x"), text(0, "b", "stop"), text(1, "", "stop"))
    call = ModelCall(endpoint="completions", body={"prompt": ["p", "q"], "echo": True})
    asked = ask(OpenAIChat(server.url, "tiny"), call=call)

    result = await asked.answer()

    assert server.paths == ["/completions"]
    assert server.posted == [asked_for(call.body)]
    assert (result.text, asked.pieces) == ("ab", ["a", "b"])
    assert result.data["object"] == "text_completion"
    assert [each["text"] for each in result.data["choices"]] == ["ab", "x"]


async def test_images_beside_a_call_join_the_last_message(ask, server):
    server.reply = streaming(piece(content="A cat", finish="stop"))
    files = {"cat.png": ("image/png", b"\x89PNG")}
    model = OpenAIChat(server.url, "tiny")

    await ask(model, call=chat(), files=files).answer()
    await ask(model, call=chat([{"role": "tool", "content": "7"}]), files=files).answer()

    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw=="}}
    first, second = [posted["messages"][-1]["content"] for posted in server.posted]
    assert first == [{"type": "text", "text": "Hello"}, image]
    assert second == [image]


async def test_fields_that_callers_may_not_set_are_left_out_and_named_once(ask, server, caplog):
    caplog.set_level("INFO")
    server.reply = streaming(piece(content="Hi", finish="stop"))
    model = OpenAIChat(server.url, "tiny", fields=CallFields(deny=["tools", "n"]))

    for _ in range(2):
        await ask(model, call=chat(tools=[], temperature=1)).answer()

    assert server.posted == [asked_for({"messages": HELLO, "temperature": 1})] * 2
    assert caplog.text.count("without 'tools'") == 1


async def test_only_allowed_fields_pass(ask, server):
    server.reply = streaming(piece(content="Hi", finish="stop"))
    model = OpenAIChat(
        server.url, "tiny", fields=CallFields(allow=["temperature", "n"], deny=["n"])
    )

    await ask(model, call=chat(tools=[], temperature=1, n=2, model="x")).answer()

    assert server.posted == [asked_for({"messages": HELLO, "temperature": 1})]


@pytest.mark.parametrize("name", ["messages", "model", "prompt", "input"])
def test_what_every_call_needs_cannot_be_denied(name):
    with pytest.raises(SettingsError, match=f"--deny: {name} is needed"):
        CallFields(deny=[name])


def test_endpoints_are_named_as_in_the_protocol():
    assert endpoints_of(["embeddings", "chat.completions"]) == ("chat.completions", "embeddings")
    with pytest.raises(
        SettingsError, match=r"'chat' is not an endpoint; known are chat\.completions"
    ):
        endpoints_of(["chat"])


@pytest.mark.parametrize("status", [400, 422])
async def test_a_refusal_of_the_callers_fields_says_why(ask, server, caplog, status):
    error = {"message": f"'temperature' must be\nat most 2. {'x' * 900}", "param": "temperature"}
    server.reply = answering_json({"error": error}, status)

    with pytest.raises(UserError, match=r"'temperature' must be at most 2\. xxx") as failure:
        await ask(OpenAIChat(server.url, "tiny"), call=chat(temperature=3)).answer()

    assert failure.value.error_type == "invalid_request"
    assert len(str(failure.value)) == 500
    assert f"answered {status}" in caplog.text


async def test_a_refusal_within_the_stream_says_why_too(ask, server):
    server.reply = answering(event({"error": {"code": 400, "message": "no such tool"}}))

    with pytest.raises(UserError, match="no such tool") as failure:
        await ask(OpenAIChat(server.url, "tiny"), call=chat()).answer()

    assert failure.value.error_type == "invalid_request"


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (401, {"message": "secret"}, "model_failed"),
        (404, {"message": "secret"}, "model_failed"),
        (429, {"message": "secret"}, "model_busy"),
        (500, {"message": "secret"}, "model_failed"),
        (400, {"code": "context_length_exceeded", "message": "secret"}, "prompt_too_long"),
        (400, {"message": ["secret"]}, "model_failed"),
        (422, {}, "model_failed"),
    ],
)
async def test_other_refusals_stay_in_the_log(ask, server, status, error, kind):
    server.reply = answering_json({"error": error}, status)

    with pytest.raises(UserError) as failure:
        await ask(OpenAIChat(server.url, "tiny"), call=chat()).answer()

    assert failure.value.error_type == kind
    assert "secret" not in str(failure.value)


async def test_a_prompt_keeps_its_words_when_its_fields_are_refused(ask, server):
    server.reply = answering_json({"error": {"message": "secret"}}, 400)

    with pytest.raises(UserError, match="The model failed on this request"):
        await ask(OpenAIChat(server.url, "tiny")).answer()


async def test_a_cancelled_call_closes_the_stream(ask, server):
    def endless():
        for number in itertools.count():
            time.sleep(0.005)
            yield event(piece(content=f"{number} "))

    server.reply = lambda call: call.stream("text/event-stream", endless())
    asked = ask(OpenAIChat(server.url, "tiny"), call=chat())
    await asked.first_piece()

    await asked.cancel()

    assert asked.task.cancelled()
    assert server.hung_up.wait(10)


@pytest.mark.parametrize("delta", [{"content": "again " * 5000}, {"reasoning": "again " * 5000}])
async def test_an_answer_without_end_is_ended(ask, server, delta):
    server.reply = lambda call: call.stream(
        "text/event-stream", itertools.repeat(event(piece(**delta)))
    )

    with pytest.raises(UserError, match="too large to deliver"):
        await ask(OpenAIChat(server.url, "tiny"), call=chat()).answer()

    assert server.hung_up.wait(10)


async def test_an_object_that_is_nested_too_deeply_fails_the_call(ask, server, caplog):
    deep = b'data: {"choices": [{"delta": {"a": ' + b"[" * 500 + b"]" * 500 + b"}}]}\n\n"
    server.reply = answering(event(piece(content="Hi")), deep, DONE)

    with pytest.raises(UserError, match="The model failed"):
        await ask(OpenAIChat(server.url, "tiny"), call=chat()).answer()

    assert "nested too deeply" in caplog.text


async def test_a_character_in_two_objects_is_whole_in_text_and_result(ask, server):
    halves = [
        rb'data: {"choices":[{"delta":{"content":"\ud83d"}}]}',
        rb'data: {"choices":[{"delta":{"content":"\ude00"},"finish_reason":"stop"}]}',
    ]
    server.reply = answering(*(half + b"\n\n" for half in halves))

    sent = await ask(OpenAIChat(server.url, "tiny"), call=chat()).sent()

    assert sent["text"] == sent["data"]["choices"][0]["message"]["content"] == "😀"


async def test_embeddings_come_back_whole(ask, server):
    answer = {
        "object": "list",
        "data": [{"object": "embedding", "index": 0, "embedding": [0.1, -2e-5]}],
        "model": "big",
        "usage": {"prompt_tokens": 3, "total_tokens": 3},
    }
    server.reply = answering_json(answer)
    call = ModelCall(endpoint="embeddings", body={"input": ["a"], "model": "x", "stream": True})

    result = await ask(OpenAIChat(f"{server.url}/v1", "tiny"), call=call).answer()

    assert server.paths == ["/v1/embeddings"]
    assert server.posted == [{"input": ["a"], "model": "tiny"}]
    assert (result.text, result.data) == (None, answer)
    assert (result.usage.input_tokens, result.usage.total_tokens) == (3, 3)


async def test_images_become_files(ask, server):
    image = {"b64_json": base64.b64encode(PNG).decode(), "revised_prompt": "A cat"}
    other = {"url": "https://images.example/2.png"}
    server.reply = answering_json({"created": 7, "data": [image, other, image], "size": "big"})
    body = {"prompt": "cat", "response_format": "url", "n": 3}
    call = ModelCall(endpoint="images.generations", body=body)

    result = await ask(OpenAIChat(server.url, "tiny"), call=call).answer()

    assert server.paths == ["/images/generations"]
    assert server.posted == [{**body, "model": "tiny", "response_format": "b64_json"}]
    assert result.data == {
        "created": 7,
        "data": [
            {"file": 0, "revised_prompt": "A cat"},
            other,
            {"file": 1, "revised_prompt": "A cat"},
        ],
        "size": "big",
    }
    assert [file.source for file in result.files] == [PNG, PNG]


SPEECH = {"hello.wav": ("audio/wav", b"RIFF\x00\xff")}
TRANSCRIPTION = ModelCall(
    endpoint="audio.transcriptions",
    body={
        "model": "x",
        "language": "de",
        "temperature": 0.5,
        "timestamp_granularities": ["word", "segment"],
        "prompt": None,
    },
)


async def test_a_recording_is_posted_as_a_form(ask, server):
    server.reply = answering_json({"text": "Hallo", "duration": 1.5})

    asked = ask(OpenAIChat(server.url, "tiny"), call=TRANSCRIPTION, files=SPEECH)
    result = await asked.answer()

    assert server.paths == ["/audio/transcriptions"]
    (form,) = server.posted
    parts = form.replace(b"\r\n", b"\n")
    assert b'name="model"\n\ntiny\n' in parts
    assert b'name="language"\n\nde\n' in parts
    assert b'name="temperature"\n\n0.5\n' in parts
    assert b'name="timestamp_granularities[]"\n\nword\n' in parts
    assert b'name="timestamp_granularities[]"\n\nsegment\n' in parts
    assert b'filename="hello.wav"\nContent-Type: audio/wav\n\nRIFF\x00\xff\n' in parts
    assert b'name="prompt"' not in parts
    assert (result.text, result.data) == ("Hallo", {"text": "Hallo", "duration": 1.5})


async def test_a_transcription_may_be_plain_text(ask, server):
    server.reply = lambda call: call.answer(200, "text/plain; charset=utf-8", "Grüße\n".encode())

    asked = ask(OpenAIChat(server.url, "tiny"), call=TRANSCRIPTION, files=SPEECH)
    result = await asked.answer()

    assert (result.text, result.data) == ("Grüße\n", {"text": "Grüße\n"})


async def test_a_transcription_needs_a_file(ask, server):
    with pytest.raises(UserError, match="needs a file") as failure:
        await ask(OpenAIChat(server.url, "tiny"), call=TRANSCRIPTION).answer()

    assert failure.value.error_type == "file_missing"


EMBEDDINGS = ModelCall(endpoint="embeddings", body={"input": "a"})
IMAGES = ModelCall(endpoint="images.generations", body={"prompt": "a"})


@pytest.mark.parametrize(
    "call", [EMBEDDINGS, IMAGES, TRANSCRIPTION], ids=lambda call: call.endpoint
)
@pytest.mark.parametrize(
    "reply",
    [
        answering_json({"error": {"message": "why"}}),
        answering_json({"error": {"message": "why"}}, 500),
        answering_json({"detail": "why"}),
        answering_json(["why"]),
        lambda call: call.answer(200, "application/json", b"<html>why"),
        lambda call: call.answer(308, "text/plain", b"why", Location="/why"),
    ],
)
async def test_other_endpoints_fail_with_the_servers_words_in_the_log(
    ask, server, caplog, call, reply
):
    server.reply = reply

    with pytest.raises(UserError) as failure:
        await ask(OpenAIChat(server.url, "tiny"), call=call, files=SPEECH).answer()

    assert failure.value.error_type == "model_failed"
    assert "why" in caplog.text
    assert "why" not in str(failure.value)


@pytest.mark.parametrize("words", ["%%%", "é"])
async def test_an_image_that_is_none_is_a_failure(ask, server, caplog, words):
    server.reply = answering_json({"data": [{"b64_json": words}]})

    with pytest.raises(UserError, match="The model failed"):
        await ask(OpenAIChat(server.url, "tiny"), call=IMAGES).answer()

    assert "not base64" in caplog.text


async def test_a_plain_answer_without_end_is_ended(ask, server, monkeypatch):
    monkeypatch.setattr(_plain_answer, "MAX_BYTES", 10**6)
    words = itertools.repeat(b"the same words again " * 5000)
    server.reply = lambda call: call.stream("application/json", words)

    with pytest.raises(UserError) as failure:
        await ask(OpenAIChat(server.url, "tiny"), call=EMBEDDINGS).answer()

    assert failure.value.error_type == "output_too_large"
    assert server.hung_up.wait(10)


def test_a_model_of_whole_calls_is_registered_with_its_endpoints():
    registered = prepare_function(OpenAIChat("http://127.0.0.1:1", "tiny"), None, ("embeddings",))

    assert (registered.endpoints, registered.takes_calls) == (("embeddings",), True)
    assert not registered.in_thread
