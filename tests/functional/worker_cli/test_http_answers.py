"""``--http``: odd answers of programs, and what a person should see of them."""

import gzip
import itertools

import pytest

from spaces_worker import TransferError, UserError
from spaces_worker._files import disk_errors
from spaces_worker.adapters import _http_answer
from spaces_worker.adapters.http import HttpEndpoint

pytestmark = pytest.mark.timeout(60)


def always(kind, body, status=200, **headers):
    body = body if isinstance(body, bytes) else body.encode()
    return lambda call: call.answer(status, kind, body, **headers)


def events(*texts):
    return lambda call: call.stream("text/event-stream", [each.encode() for each in texts])


MANY = "9" * 5000
"""More digits than Python reads as a number."""
ANSWERS = {
    # events that are not text
    "a ping with a time": (events("event: ping\ndata: 10:00\n\n", "data: Hi\n\n"), "Hi", None),
    "a comment": (events(": ping\n\n", "data: Hi\n\n", ":\n\n"), "Hi", None),
    "an id and a time": (events("id: 7\nretry: 10\ndata: Hi\n\n"), "Hi", None),
    "the type message": (events("event: message\ndata: Hi\n\n"), "Hi", None),
    "the type default": (events("event: default\ndata: Hi\n\n"), "Hi", None),
    "an empty type": (events("event:\ndata: Hi\n\n"), "Hi", None),
    "a line break as text": (
        events("data: a\n\n", "data:\ndata:\n\n", "data: b\n\n"),
        "a\nb",
        None,
    ),
    "progress that is none": (events("event: progress\ndata: {no\n\n", "data: Hi\n\n"), "Hi", None),
    "a result with NaN": (
        events('event: result\ndata: {"data": NaN, "text": "Hi"}\n\n'),
        "Hi",
        None,
    ),
    # JSON
    "a byte-order mark": (always("application/json", b'\xef\xbb\xbf{"text": "Hi"}'), "Hi", None),
    "UTF-16": (always("application/json", '{"text": "Hi"}'.encode("utf-16")), "Hi", None),
    "bytes that are not UTF-8": (always("application/json", b'{"text": "H\xff"}'), "H\ufffd", None),
    "half of a pair": (always("application/json", r'{"text": "Hi \ud83d"}'), "Hi ?", None),
    "NaN as data": (always("application/json", "[1, NaN, -Infinity]"), None, [1, None, None]),
    "half of a pair in data": (
        always("application/json", r'{"data": {"a\ud83d": ["\udcff", {"b": "\ud83d\ude00"}]}}'),
        None,
        {"a?": ["?", {"b": "😀"}]},
    ),
    "a long number": (always("application/json", f"[{10**30}]"), None, [10**30]),
    "a confidence of NaN": (
        always("application/json", '{"text": "Hi", "confidence": NaN}'),
        "Hi",
        None,
    ),
    "a confidence of 87": (
        always("application/json", '{"text": "Hi", "confidence": 87}'),
        "Hi",
        None,
    ),
    "a time as text": (
        always("application/json", '{"text": "Hi", "inference_time": "1 s"}'),
        "Hi",
        None,
    ),
    "counts of another kind": (
        always("application/json", '{"text": "Hi", "usage": {"prompt_tokens": 3}}'),
        "Hi",
        None,
    ),
    "a model that is a number": (
        always("application/json", '{"text": "Hi", "model": 5}'),
        "Hi",
        None,
    ),
    # text
    "a mark before text": (always("text/plain", b"\xef\xbb\xbfHi"), "Hi", None),
    "an unknown character set": (always("text/plain; charset=martian", b"Hi"), "Hi", None),
    "a character set that is none": (always("text/plain; charset=hex", b"4869"), "4869", None),
    "a character set in too many parts": (
        always(f"text/plain; charset*{MANY}=utf-8", "Hi"),
        "Hi",
        None,
    ),
    # nothing, said explicitly
    "204": (lambda call: (call.send_response(204), call.end_headers()), "", None),
    "an empty text": (always("text/plain", b""), "", None),
    "an empty string": (always("application/json", b'""'), "", None),
    "blanks": (always("text/plain", b" \n"), " \n", None),
}


@pytest.mark.parametrize("name", ANSWERS)
async def test_an_odd_answer_is_read(ask, server, name):
    server.reply, text, data = ANSWERS[name]

    result = await ask(HttpEndpoint(server.url)).sent()

    assert (result.get("text"), result.get("data")) == (text, data)


NOTHING = {
    "an event stream": (events(""), "it is empty"),
    "comments alone": (events(": ping\n\n"), "it is empty"),
    "[DONE] alone": (events("data: [DONE]\n\n"), "it is empty"),
    "events of another type": (events("event: token\ndata: Hi\n\n"), "event: token"),
    "an object instead of events": (events('{"state": "idle"}'), '{"state": "idle"}'),
    "a file": (always("image/png", b""), "no content"),
    "null": (always("application/json", b"null"), "null"),
    "a text of null": (always("application/json", b'{"text": null, "model": "m"}'), "null"),
    "a result of null": (events("event: result\ndata: null\n\n"), "it is empty"),
    "JSON": (always("application/json", b""), "no content"),
    "an unknown type": (always("application/octet-stream", b""), "no content"),
}


@pytest.mark.parametrize("name", NOTHING)
async def test_an_answer_without_what_its_type_promises_is_a_failure(ask, server, caplog, name):
    server.reply, words = NOTHING[name]

    with pytest.raises(UserError, match=r"The model gave no answer\.") as failure:
        await ask(HttpEndpoint(server.url)).answer()

    assert failure.value.error_type == "model_empty"
    assert words in caplog.text


async def test_only_the_first_kinds_of_events_are_kept_for_the_log(ask, server, caplog):
    server.reply = events(*(f"event: kind{number}\ndata: x\n\n" for number in range(20)))

    with pytest.raises(UserError, match="gave no answer"):
        await ask(HttpEndpoint(server.url)).answer()

    assert "kind9" in caplog.text
    assert "kind10" not in caplog.text


@pytest.mark.parametrize(
    "event",
    [
        "event: error\ndata: why\n\n",
        "error: why\n\n",
        '{"error": "why"}\n\n',
        '{"object": "error", "message": "why"}\n\n',
    ],
)
async def test_an_error_in_a_stream_fails_it_although_text_came_before(ask, server, caplog, event):
    server.reply = events("data: Half\n\n", event, "data: [DONE]\n\n")

    with pytest.raises(UserError, match="The model failed"):
        await ask(HttpEndpoint(server.url)).answer()

    assert "why" in caplog.text


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ('"confidence": 87', "Result.confidence is 87"),
        (f'"confidence": {10**400}', "Result.confidence is too large"),
        ('"inference_time": -1', "Result.inference_time is -1"),
        ('"usage": 7', "Result.usage must be Usage"),
        ('"model": 5', "Result.model must be a text"),
    ],
)
async def test_what_is_dropped_is_logged(ask, server, caplog, sent, words):
    server.reply = always("application/json", f'{{"text": "Hi", {sent}}}')

    assert (await ask(HttpEndpoint(server.url)).answer()).text == "Hi"

    assert words in caplog.text


@pytest.mark.parametrize(
    ("sent", "point"),
    [
        ('{"percent": 40, "step": 2.0, "total": "5"}', (40, 2, None, None)),
        ('{"percent": NaN, "message": "reading"}', (None, None, None, "reading")),
        ('{"percent": "40", "message": 7}', (None, None, None, None)),
        ('{"percent": 400, "step": -1}', (100, None, None, None)),
    ],
)
async def test_progress_is_read_as_far_as_it_goes(ask, server, sent, point):
    server.reply = events(f"event: progress\ndata: {sent}\n\n", "data: Hi\n\n")
    asked = ask(HttpEndpoint(server.url))

    assert (await asked.answer()).text == "Hi"

    (told,) = asked.steps
    assert (told.percent, told.step, told.total, told.message) == point


@pytest.mark.parametrize("sent", ["40", "[1]", "null", "{no"])
async def test_progress_that_is_none_is_ignored(ask, server, sent):
    server.reply = events(f"event: progress\ndata: {sent}\n\n", "data: Hi\n\n")
    asked = ask(HttpEndpoint(server.url))

    assert (await asked.answer()).text == "Hi"
    assert asked.steps == []


async def test_a_half_valid_usage_keeps_its_valid_half(ask, server):
    usage = '{"input_tokens": 4.5, "output_tokens": 2}'
    server.reply = always("application/json", f'{{"text": "Hi", "usage": {usage}}}')

    usage = (await ask(HttpEndpoint(server.url)).answer()).usage

    assert (usage.input_tokens, usage.output_tokens) == (None, 2)


@pytest.mark.parametrize("detail", ['""', '"  "', "null", "7"])
async def test_a_422_without_words_is_any_failure(ask, server, detail):
    server.reply = always("application/json", f'{{"detail": {detail}}}', 422)

    with pytest.raises(UserError, match="The model failed") as failure:
        await ask(HttpEndpoint(server.url)).answer()

    assert failure.value.error_type == "model_failed"


async def test_a_redirect_is_logged_with_its_address_and_not_followed(ask, server, caplog):
    server.reply = always("text/plain", b"", 307, Location="/v2/predict?key=secret")

    with pytest.raises(UserError, match="The model failed"):
        await ask(HttpEndpoint(f"{server.url}/predict")).answer()

    assert f"answered 307 and points to {server.url}/v2/predict?…. Redirects are" in caplog.text
    assert "secret" not in caplog.text
    assert len(server.posted) == 1


@pytest.mark.parametrize("address", ["javascript:1", "http://xn--/", "http://[::1"])
async def test_a_redirect_to_no_address_is_a_failure(ask, server, caplog, address):
    server.reply = always("text/plain", "Over there", 307, Location=address)

    with pytest.raises(UserError) as failure:
        await ask(HttpEndpoint(server.url)).answer()

    assert failure.value.error_type.startswith("model_")
    assert server.url in caplog.text


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("audio/wav", "answer.wav"),
        ("audio/x-wav", "answer.wav"),
        ("audio/mpeg", "answer.mp3"),
        ("Audio/FLAC; rate=16000", "answer.flac"),
        ("audio/aac", "answer.aac"),
        ("audio/mp4", "answer.m4a"),
        ("image/webp", "answer.webp"),
        ("image/jpeg", "answer.jpg"),
        ("video/x-matroska", "answer.mkv"),
        ("model/gltf-binary", "answer.glb"),
        ("application/pdf", "answer.pdf"),
        ("application/x-unheard-of", "answer"),
    ],
)
async def test_a_file_is_named_by_its_type(ask, server, kind, name):
    server.reply = always(kind, b"content")

    (file,) = (await ask(HttpEndpoint(server.url)).answer()).files

    assert file.name == name


async def test_a_file_name_in_too_many_parts_is_none(ask, server):
    header = f"attachment; filename*{MANY}=a.txt"
    server.reply = always("image/png", b"content", Content_Disposition=header)

    (file,) = (await ask(HttpEndpoint(server.url)).answer()).files

    assert file.name == "answer.png"


async def test_no_compression_is_asked_for(ask, server):
    await ask(HttpEndpoint(server.url)).answer()

    assert server.headers[0]["Accept-Encoding"] == "identity"


async def test_a_file_without_end_does_not_fill_the_disk(ask, server, monkeypatch):
    monkeypatch.setattr(_http_answer, "MAX_FILE_BYTES", 1_000_000)
    server.reply = lambda call: call.stream("image/png", itertools.repeat(bytes(64_000)))
    asked = ask(HttpEndpoint(server.url))

    with pytest.raises(UserError, match="too large to deliver: it has more than 1 MB") as failure:
        await asked.answer()

    assert failure.value.error_type == "output_too_large"
    assert (asked.context.folder / "answer").stat().st_size <= 1_000_000
    assert server.hung_up.wait(10)


async def test_a_compressed_file_counts_with_its_whole_size(ask, server, monkeypatch):
    monkeypatch.setattr(_http_answer, "MAX_FILE_BYTES", 1_000_000)
    packed = gzip.compress(bytes(50_000_000))
    server.reply = always("image/png", packed, Content_Encoding="gzip")
    asked = ask(HttpEndpoint(server.url))

    with pytest.raises(UserError, match="too large to deliver"):
        await asked.answer()

    assert (asked.context.folder / "answer").stat().st_size <= 1_000_000


async def test_a_file_leaves_room_on_the_disk(ask, server, monkeypatch):
    monkeypatch.setattr(disk_errors, "RESERVED_BYTES", 10**18)
    server.reply = always("image/png", b"content")

    with pytest.raises(TransferError, match=r"No space left on device.*free some space there"):
        await ask(HttpEndpoint(server.url)).answer()


async def test_content_that_cannot_be_unpacked_is_a_failure(ask, server, caplog):
    server.reply = always("text/plain", b"not compressed", Content_Encoding="gzip")

    with pytest.raises(UserError, match="broke off"):
        await ask(HttpEndpoint(server.url)).answer()

    assert "did not complete its answer: DecodingError" in caplog.text
