"""Calls with files: recordings, pictures in messages, generated images."""

from base64 import b64decode, b64encode

import pytest

from spaces.domain.access.caller import Anonymous
from spaces.domain.access.quota import CallerLimits
from spaces.services.openai import answer_call
from spaces.services.requests.cancel_request import cancel_request
from spaces.services.requests.delete_request import delete_request
from spaces_protocol.request_id import RequestId
from tests.functional.openai.support.playing_worker import ALL
from tests.functional.openai.support.scripts import CHAT, answers, says

PNG = b"\x89PNG\r\n\x00\xff"
FORM = {"Content-Type": "multipart/form-data; boundary=xyz"}


def form(*fields, content=PNG, name="a.wav", content_type="audio/wav"):
    parts = [
        f'--xyz\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields
    ]
    head = f'--xyz\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
    file = f"{head}Content-Type: {content_type}\r\n\r\n".encode() + content
    return b"".join(parts) + file + b"\r\n--xyz--\r\n"


def stored(live, request):
    """Return the one input file of a request as the worker would fetch it."""
    [file] = request.input.files
    key = file.url.partition("amazonaws.com/")[2].partition("?")[0]
    return file.name, file.content_type, live.gateway.files.read(key)


@pytest.fixture
def media(live):
    live.create_space("media", features=("prompt", "audio", "image"), max_files=2)
    live.create_space("calls", features=("call", "audio"))


def test_recording_reaches_a_space_without_calls_as_a_file(api, live, play, media):
    schema = {"type": "object", "properties": {"beam": {"type": "integer"}}}
    worker = play(says("Hello."), space="media", schema=schema)

    answer = api.post("/audio/transcriptions", form(("model", "media"), ("beam", "4")), FORM)

    assert (answer.status, answer.body) == (200, {"text": "Hello."})
    [request] = worker.taken
    assert stored(live, request) == ("a.wav", "audio/wav", PNG)
    assert request.input.params == {"beam": 4}


def test_transcription_is_text_or_a_stream_if_asked_for(api, play, media):
    play(says("Hel", "lo"), space="media")
    fields = ("model", "media"), ("response_format", "text")

    text = api.post("/audio/transcriptions", form(*fields), FORM)
    streamed = api.post("/audio/transcriptions", form(*fields[:1], ("stream", "true")), FORM)

    assert (text.headers["Content-Type"], text.text) == ("text/plain; charset=utf-8", "Hello")
    *pieces, done, end = streamed.events
    assert "".join(piece["delta"] for piece in pieces) == "Hello"
    assert (done["type"], done["text"], end) == ("transcript.text.done", "Hello", "[DONE]")


def test_format_that_only_a_worker_can_make_comes_from_it(api, play, media):
    worker = play(answers(output={"text": "Hi", "data": "1\n00:00"}), space="calls", endpoints=ALL)
    fields = ("model", "calls"), ("response_format", "srt"), ("stream", "false")

    answer = api.post("/audio/transcriptions", form(*fields), FORM)
    refused = api.post("/audio/transcriptions", form(("model", "media"), fields[1]), FORM)

    assert answer.text == "1\n00:00"
    assert worker.taken[0].input.call.body == {"model": "calls", "response_format": "srt"}
    assert (refused.status, refused.error["param"]) == (400, "response_format")


def test_picture_in_a_message_becomes_a_file(api, live, play, media):
    worker = play(says("A cat."), space="media")
    url = f"data:image/png;base64,{b64encode(PNG).decode()}"
    parts = [{"type": "text", "text": "What?"}, {"type": "image_url", "image_url": {"url": url}}]
    body = {"model": "media", "messages": [{"role": "user", "content": parts}]}

    assert api.post("/chat/completions", body).status == 200
    [request] = worker.taken
    assert request.input.prompt == "What?"
    assert stored(live, request) == ("image-1.png", "image/png", PNG)

    refused = api.post("/chat/completions", body | {"model": "echo"})
    assert (refused.status, refused.error["code"]) == (400, "unsupported_content")


def test_repeat_with_a_file_finds_the_first_request(api, live, media):
    tried = [FORM | {"x-stainless-retry-count": str(number)} for number in (0, 1)]
    body = form(("model", "media"), ("stream", "true"))
    api = type(api)(seconds=10.1)

    ids = [api.post("/audio/transcriptions", body, each).headers["x-request-id"] for each in tried]

    assert ids[0] == ids[1]


def test_file_of_another_request_outlives_the_deletion_of_the_first(api, live, media):
    api = type(api)(seconds=10.1)
    bodies = [form(("model", "media"), ("stream", "true"), ("prompt", p)) for p in ("one", "two")]
    sent = [api.post("/audio/transcriptions", each, FORM) for each in bodies]
    first, second = (RequestId.parse(each.headers["x-request-id"]) for each in sent)
    cancel_request(live.gateway, first)

    delete_request(live.gateway, first, Anonymous(""))

    assert input_files(live, first) is None
    assert input_files(live, second) == [PNG]


def input_files(live, request_id):
    kept = live.gateway.requests.read_answer(request_id)
    return kept and [live.gateway.files.read(each["key"]) for each in kept.input["files"]]


def test_repeat_of_a_call_with_a_file_needs_no_room_for_the_file(api, live):
    limits = CallerLimits(upload_bytes_per_day=len(PNG))
    live.create_space("media", features=("prompt", "audio"), anonymous_limits=limits)
    tried = [FORM | {"x-stainless-retry-count": str(number)} for number in (0, 1)]
    body = form(("model", "media"), ("stream", "true"))
    api = type(api)(seconds=10.1)

    first, again = (api.post("/audio/transcriptions", body, each) for each in tried)

    assert first.headers["x-request-id"] == again.headers["x-request-id"]
    assert api.post("/audio/transcriptions", body, tried[0]).status == 429
    assert api.post("/audio/transcriptions", body, tried[1]).status == 429


def painted(live):
    """Return a script of a worker that stores an image as its output."""

    def script(request):
        key = f"{request.upload.key_prefix}cat.png"
        live.gateway.files.put(key, PNG)
        file = {"name": "cat.png", "content_type": "image/png", "size": len(PNG), "key": key}
        data = {"created": 5, "data": [{"file": 0, "revised_prompt": "a cat"}]}
        yield {"output": {"files": [file], "data": data}}

    return script


def test_images_come_by_url_or_in_base64(api, live, play):
    play(painted(live))
    body = {"model": "echo", "prompt": "a cat", "n": 1}

    by_url = api.post("/images/generations", body).body
    inline = api.post("/images/generations", body | {"response_format": "b64_json"}).body

    assert by_url["data"][0]["url"].startswith("https://files.s3")
    assert by_url["data"][0]["revised_prompt"] == "a cat"
    assert b64decode(inline["data"][0]["b64_json"]) == PNG
    assert "url" not in inline["data"][0]


def test_image_that_is_named_again_and_again_is_counted_each_time(api, live, play, monkeypatch):
    def script(request):
        [result] = painted(live)(request)
        result["output"]["data"] = {"data": [{"file": 0}] * 3}
        yield result

    play(script)
    body = {"model": "echo", "prompt": "a cat", "response_format": "b64_json"}

    monkeypatch.setattr(answer_call, "MAX_INLINE_BYTES", 3 * len(PNG))
    assert len(api.post("/images/generations", body).body["data"]) == 3

    monkeypatch.setattr(answer_call, "MAX_INLINE_BYTES", 3 * len(PNG) - 1)
    refused = api.post("/images/generations", body)
    assert (refused.status, refused.error["param"]) == (400, "response_format")


def test_image_that_is_no_longer_stored_is_gone(api, live, play):
    play(painted(live))
    body = {"model": "echo", "prompt": "a cat", "response_format": "b64_json"}
    request_id = api.post("/images/generations", body).headers["x-request-id"]
    kept = live.gateway.requests.read_answer(RequestId.parse(request_id))
    live.gateway.files.remove([each["key"] for each in kept.ending.answer["output"]["files"]])

    gone = api.get(f"/images/generations/{request_id}?response_format=b64_json")

    assert (gone.status, gone.error["code"]) == (410, "request_expired")


def test_file_without_a_name_is_still_called_something(api, media):
    body = form(("model", "media"), name="", content_type="text/plain")

    refused = api.post("/audio/transcriptions", body, FORM)

    assert refused.error["message"].startswith("The file is text/plain; this space accepts")


def test_chat_with_a_space_that_paints_shows_the_image(api, live, play):
    def script(request):
        [result] = painted(live)(request)
        result["output"].pop("data")
        yield result

    play(script)

    content = api.post("/chat/completions", CHAT).body["choices"][0]["message"]["content"]

    assert content.startswith("![cat.png](https://files.s3")


def test_page_of_somebody_else_cannot_send_a_form_in_its_visitors_name(api, media):
    foreign = FORM | {"Origin": "https://evil.example"}

    assert api.post("/audio/transcriptions", form(("model", "media")), foreign).status == 403


def test_recording_has_to_be_there(api, media):
    body = b'--xyz\r\nContent-Disposition: form-data; name="model"\r\n\r\nmedia\r\n--xyz--\r\n'

    answer = api.post("/audio/transcriptions", body, FORM)

    assert (answer.status, answer.error["param"]) == (400, "file")
