"""``--openai``: what is asked of a server of chat completions, and what becomes of its answers."""

import itertools
import json
import time

import pytest

from spaces_worker import UserError
from spaces_worker._functions.params import declare_params
from spaces_worker.adapters.openai import ChatParams, OpenAIChat
from tests.functional.worker_cli.support.openai_server import answering, chunk, event

pytestmark = pytest.mark.timeout(60)

USAGE = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}


def refusing(status, body):
    return lambda call: call.answer(status, "application/json", json.dumps(body).encode())


async def test_the_answer_is_streamed_with_usage_and_model(ask, server):
    server.reply = answering(
        chunk(""),
        chunk("Grü"),
        chunk("ße\u2028"),
        chunk(finish="stop"),
        event({"choices": [], "usage": USAGE}),
        b"data: [DONE]\n\n",
    )
    asked = ask(OpenAIChat(f"{server.url}/v1", "tiny"))

    result = await asked.answer()

    assert asked.pieces == ["Grü", "ße\u2028"]
    assert (result.text, result.model, result.data) == ("Grüße\u2028", "tiny", None)
    usage = result.usage
    assert (usage.input_tokens, usage.output_tokens, usage.total_tokens) == (3, 2, 5)


async def test_an_answer_that_was_cut_off_says_so(ask, server):
    server.reply = answering(chunk("Once"), chunk(finish="length"))

    result = await ask(OpenAIChat(server.url, "tiny")).answer()

    assert result.data == {"finish_reason": "length"}


async def test_prompt_system_prompt_and_params_are_passed_on(ask, server):
    server.reply = answering(chunk("Hi", finish="stop"))
    params = declare_params(ChatParams).read({"temperature": 0.5, "max_tokens": 7})
    chat = OpenAIChat(f"{server.url}/v1/", "tiny", system="Be short.")

    await ask(chat, "Who?", params=params).answer()

    (posted,) = server.posted
    assert posted.pop("messages") == [
        {"role": "system", "content": "Be short."},
        {"role": "user", "content": "Who?"},
    ]
    assert posted == {
        "model": "tiny",
        "temperature": 0.5,
        "max_tokens": 7,
        "stream": True,
        "stream_options": {"include_usage": True},
    }


async def test_a_user_cannot_choose_the_model(ask, server):
    with pytest.raises(UserError, match="model"):
        declare_params(ChatParams).read({"model": "expensive"})


async def test_images_go_along(ask, server):
    server.reply = answering(chunk("A cat", finish="stop"))
    files = {"cat.png": ("image/png", b"\x89PNG")}

    await ask(OpenAIChat(server.url, "tiny"), "What is it?", files=files).answer()

    (message,) = server.posted[0]["messages"]
    assert message["content"] == [
        {"type": "text", "text": "What is it?"},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw=="}},
    ]


async def test_files_that_are_no_images_are_refused(ask, server):
    files = {"a.pdf": ("application/pdf", b"%PDF")}

    with pytest.raises(UserError, match=r"only accepts images, not a\.pdf"):
        await ask(OpenAIChat(server.url, "tiny"), files=files).answer()


async def test_a_cancelled_request_closes_the_stream(ask, server):
    def endless():
        for number in itertools.count():
            time.sleep(0.005)
            yield chunk(f"{number} ")

    server.reply = lambda call: call.stream("text/event-stream", endless())
    asked = ask(OpenAIChat(server.url, "tiny"))
    await asked.first_piece()

    await asked.cancel()

    assert asked.task.cancelled()
    assert server.hung_up.wait(10)


async def test_an_answer_without_end_is_ended(ask, server):
    words = chunk("the same words again " * 5000)
    server.reply = lambda call: call.stream("text/event-stream", itertools.repeat(words))

    with pytest.raises(UserError, match="too large to deliver"):
        await ask(OpenAIChat(server.url, "tiny")).answer()

    assert server.hung_up.wait(10)


async def test_a_refusal_without_end_is_read_only_in_part(ask, server):
    pieces = itertools.repeat(b"the same words again " * 5000)
    server.reply = lambda call: call.stream("text/plain", pieces, status=500)

    with pytest.raises(UserError, match="The model failed on this request"):
        await ask(OpenAIChat(server.url, "tiny")).answer()

    assert server.hung_up.wait(10)


@pytest.mark.parametrize(
    "error",
    [
        {"type": "exceed_context_size_error", "message": "secret", "code": 400},
        {"code": "context_length_exceeded", "message": "secret"},
    ],
)
async def test_a_prompt_that_is_too_long_is_the_users_matter(ask, server, error):
    server.reply = refusing(400, {"error": error})

    with pytest.raises(UserError, match="too long for this model") as failure:
        await ask(OpenAIChat(server.url, "tiny")).answer()

    assert failure.value.error_type == "prompt_too_long"


@pytest.mark.parametrize(
    "reply",
    [
        refusing(404, {"error": {"message": "secret: no such model"}}),
        refusing(500, "secret"),
        answering(chunk("Hi"), event({"error": {"message": "secret"}})),
        answering(chunk("Hi"), b'error: {"message": "secret"}\n\n'),
        answering(b"data: secret\n\n"),
    ],
)
async def test_any_other_failure_stays_in_the_log(ask, server, caplog, reply):
    server.reply = reply

    with pytest.raises(UserError, match="The model failed on this request") as failure:
        await ask(OpenAIChat(server.url, "tiny")).answer()

    assert "secret" not in str(failure.value)
    assert "secret" in caplog.text
