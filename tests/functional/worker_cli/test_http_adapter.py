"""``--http``: a program that answers over HTTP, in each of the ways that it may."""

import base64
import itertools
import json
import time

import pytest

from spaces_worker import ModelCall, UserError
from spaces_worker._errors import SettingsError
from spaces_worker.adapters._input_urls import MAX_BYTES
from spaces_worker.adapters.http import HttpEndpoint
from tests.functional.worker_cli.conftest import Server
from tests.functional.worker_cli.support.certificates import certificate

pytestmark = pytest.mark.timeout(60)


def always(status, kind, body, **headers):
    return lambda call: call.answer(status, kind, body, **headers)


async def test_prompt_params_and_files_are_posted_as_json(ask, server):
    files = {"cat.png": ("image/png", b"\x89PNG")}

    await ask(HttpEndpoint(server.url), "Who is it?", params={"size": 2}, files=files).answer()

    (posted,) = server.posted
    assert posted["prompt"] == "Who is it?"
    assert posted["params"] == {"size": 2}
    (file,) = posted["files"]
    head, _, content = file.pop("url").partition(",")
    assert file == {"name": "cat.png", "content_type": "image/png", "size": 4}
    assert head == "data:image/png;base64"
    assert base64.b64decode(content) == b"\x89PNG"


async def test_a_call_is_posted_beside_its_last_prompt(ask, server):
    body = {"messages": [{"role": "user", "content": "Who?"}], "temperature": 0.5}
    call = ModelCall(endpoint="chat.completions", body=body)

    await ask(HttpEndpoint(server.url), call=call).answer()

    assert server.posted == [
        {
            "prompt": "Who?",
            "params": {"temperature": 0.5},
            "files": [],
            "call": {"endpoint": "chat.completions", "body": body},
        }
    ]


async def test_a_text_is_the_text(ask, server):
    server.reply = always(200, "text/plain; charset=latin-1", "Grüße".encode("latin-1"))

    result = await ask(HttpEndpoint(server.url)).answer()

    assert (result.text, result.data, result.files) == ("Grüße", None, ())


async def test_text_is_streamed_as_it_comes_with_no_character_torn_apart(ask, server):
    word = "Grüße ".encode()
    pieces = [bytes([each]) for each in word * 2]
    server.reply = lambda call: call.stream("text/plain", slowly(pieces))
    asked = ask(HttpEndpoint(server.url))

    result = await asked.answer()

    assert result.text == "Grüße Grüße "
    assert len(asked.pieces) > 2
    assert not any("\N{REPLACEMENT CHARACTER}" in piece for piece in asked.pieces)


def slowly(pieces, pause=0.003):
    for piece in pieces:
        time.sleep(pause)
        yield piece


@pytest.mark.parametrize(
    ("body", "text", "data"),
    [
        ({"text": "Yes", "confidence": 0.9}, "Yes", None),
        ({"data": [1], "model": "m"}, None, [1]),
        ({"text": "Yes", "other": 1}, None, {"text": "Yes", "other": 1}),
        ({"label": "cat"}, None, {"label": "cat"}),
        ([1, 2], None, [1, 2]),
        ("Yes", "Yes", None),
    ],
)
async def test_json_is_a_result_or_its_data(ask, server, body, text, data):
    server.reply = always(200, "application/json", json.dumps(body).encode())

    result = await ask(HttpEndpoint(server.url)).answer()

    assert (result.text, result.data) == (text, data)
    if isinstance(body, dict) and result.data is not body and "confidence" in body:
        assert result.confidence == 0.9


async def test_anything_else_is_a_file(ask, server):
    disposition = 'attachment; filename="cat.png"'
    server.reply = always(200, "image/png", b"\x89PNG" * 50_000, Content_Disposition=disposition)
    asked = ask(HttpEndpoint(server.url))

    (file,) = (await asked.answer()).files

    assert (file.name, file.content_type) == ("cat.png", "image/png")
    assert file.source.read_bytes() == b"\x89PNG" * 50_000
    assert asked.context.folder in file.source.parents


async def test_events_stream_text_progress_and_a_result(ask, server):
    events = [
        b": a comment\n\n",
        b'event: progress\ndata: {"percent": 40, "message": "reading"}\n\n',
        "data: Grüße,\u2028\n\n".encode(),
        b"data: two\ndata: lines\r\n\r\n",
        b'event: result\ndata: {"data": {"n": 1}, "model": "m"}',
    ]
    server.reply = lambda call: call.stream("text/event-stream", events)
    asked = ask(HttpEndpoint(server.url))

    result = await asked.answer()

    assert asked.pieces == ["Grüße,\u2028", "two\nlines"]
    assert (result.text, result.data, result.model) == ("Grüße,\u2028two\nlines", {"n": 1}, "m")
    assert [(step.percent, step.message) for step in asked.steps] == [(40, "reading")]


async def test_events_end_with_done(ask, server):
    events = [b"data: Hi\n\ndata: [DONE]\n\ndata: more\n\n"]
    server.reply = lambda call: call.stream("text/event-stream", events)

    assert (await ask(HttpEndpoint(server.url)).answer()).text == "Hi"


@pytest.mark.parametrize(
    ("status", "body", "kind", "text"),
    [
        (500, b"Traceback: secret", "model_failed", "The model failed on this request."),
        (429, b"", "model_busy", "The model is busy. Try again later."),
        (422, b'{"detail": "Too dark."}', "invalid_input", "Too dark."),
        (422, b'{"detail": [{"loc": "secret"}]}', "model_failed", "The model failed"),
        (301, b"", "model_failed", "The model failed"),
    ],
)
async def test_a_refusal_is_a_failure_whose_text_stays_here(
    ask, server, caplog, status, body, kind, text
):
    server.reply = always(status, "application/json", body)

    with pytest.raises(UserError, match=text) as failure:
        await ask(HttpEndpoint(server.url)).answer()

    assert failure.value.error_type == kind
    assert "secret" not in str(failure.value)
    if kind == "model_failed":
        assert f"answered {status}" in caplog.text


@pytest.mark.parametrize(
    ("kind", "body"),
    [("application/json", b"{broken"), ("text/event-stream", b"event: error\ndata: secret\n\n")],
)
async def test_a_broken_answer_is_a_failure(ask, server, kind, body):
    server.reply = always(200, kind, body)

    with pytest.raises(UserError, match="The model failed on this request"):
        await ask(HttpEndpoint(server.url)).answer()


@pytest.mark.parametrize(
    ("kind", "piece"),
    [
        ("text/plain", b"the same words again "),
        ("application/json", b"[1],"),
        ("text/event-stream", b"data: the same words again\n\n"),
        ("text/event-stream", b"data: one event without end\n"),
        ("text/event-stream", b"one line without end "),
    ],
)
async def test_an_answer_without_end_is_ended(ask, server, kind, piece):
    server.reply = lambda call: call.stream(kind, itertools.repeat(piece * 5000))

    with pytest.raises(
        UserError, match="too large to deliver: it has more than 4096 KB"
    ) as failure:
        await ask(HttpEndpoint(server.url)).answer()

    assert failure.value.error_type == "output_too_large"
    assert server.hung_up.wait(10)


async def test_a_refusal_without_end_is_read_only_in_part(ask, server):
    pieces = itertools.repeat(b"the same words again " * 5000)
    server.reply = lambda call: call.stream("text/plain", pieces, status=500)

    with pytest.raises(UserError, match="The model failed on this request"):
        await ask(HttpEndpoint(server.url)).answer()

    assert server.hung_up.wait(10)


async def test_an_answer_that_breaks_off_is_a_failure(ask, server):
    def reply(call):
        call.send_response(200)
        call.send_header("Content-Type", "text/plain")
        call.send_header("Content-Length", "100")
        call.end_headers()
        call.wfile.write(b"half")
        call.close_connection = True

    server.reply = reply

    with pytest.raises(UserError, match=r"The model's answer broke off\."):
        await ask(HttpEndpoint(server.url)).answer()


async def test_nobody_at_the_address_is_a_failure(ask, server, caplog):
    nobody = HttpEndpoint("http://127.0.0.1:9/predict")

    with pytest.raises(UserError, match="cannot be reached"):
        await ask(nobody).answer()

    assert "is it running?" in caplog.text


async def test_silence_ends_a_request(ask, server):
    server.reply = lambda call: server.hung_up.wait(5)

    with pytest.raises(UserError, match="took too long") as failure:
        await ask(HttpEndpoint(server.url, silence_seconds=0.05)).answer()

    server.hung_up.set()
    assert failure.value.error_type == "model_silent"


async def test_a_cancelled_request_closes_the_stream(ask, server):
    server.reply = lambda call: call.stream("text/plain", slowly(itertools.repeat(b"more "), 0.01))
    asked = ask(HttpEndpoint(server.url))
    await asked.first_piece()

    await asked.cancel()

    assert asked.task.cancelled()
    assert server.hung_up.wait(10)


async def test_a_key_is_sent_as_bearer_token(ask, server):
    await ask(HttpEndpoint(server.url, api_key="k-1")).answer()

    assert server.headers[0]["Authorization"] == "Bearer k-1"


async def test_a_local_address_is_not_asked_by_a_proxy(ask, server, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)

    assert (await ask(HttpEndpoint(server.url)).answer()).text == "Hi"


async def test_an_authority_of_the_house_is_trusted_by_its_file(ask, tmp_path, monkeypatch):
    tls, authority = certificate(tmp_path, days=90)
    server = Server(tls)
    url = server.url.replace("http://127.0.0.1", "https://localhost")

    with pytest.raises(UserError, match="cannot be reached"):
        await ask(HttpEndpoint(url)).answer()
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    result = await ask(HttpEndpoint(url)).answer()

    server.close()
    assert result.text == "Hi"


async def test_files_too_large_for_json_are_refused(ask, server):
    files = {"a.bin": ("application/octet-stream", bytes(MAX_BYTES + 1))}

    with pytest.raises(UserError, match="at most 32 MB"):
        await ask(HttpEndpoint(server.url), files=files).answer()

    assert server.posted == []


@pytest.mark.parametrize("url", ["127.0.0.1:8000", "ws://127.0.0.1", "http://"])
def test_a_wrong_address_is_refused(url):
    with pytest.raises(SettingsError, match="is not a valid URL"):
        HttpEndpoint(url)
