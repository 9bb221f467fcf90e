"""Inputs that are too large for the socket: fetched like files, and no function sees it."""

import json

import pytest

from spaces_protocol.gateway_messages import Input
from spaces_protocol.limits import MAX_INPUT_BYTES, MAX_OUTPUT_BYTES
from spaces_worker import RequestContext
from spaces_worker._files.transfers import Transfers
from tests.functional.worker.storage import Storage, here
from tests.nested_values import objects
from tests.unit.worker.support.runner_harness import RunnerHarness

pytestmark = pytest.mark.timeout(60)

NOT_TRANSFERRED = "A file of this request could not be transferred."


@pytest.fixture
def storage():
    storage = Storage()
    yield storage
    storage.close()


def sent(storage, content, *, etag=None, size=None, **more):
    """Return an input whose body is in the storage."""
    content = content if isinstance(content, bytes) else json.dumps(content).encode()
    file = storage.sent("body", content, size=size, etag=etag)
    return Input(body_url=file.url, body_bytes=file.size, body_etag=file.etag, **more)


async def outcome(function, given, upload=None):
    harness = RunnerHarness(function, transfers=Transfers(here(), first_wait=0.01))
    return await harness.start(sent=given, upload=upload).end()


async def test_a_large_prompt_arrives_with_its_params(storage):
    prompt = "Grüße " * 100_000
    given = sent(storage, {"prompt": prompt, "params": {"times": 2}})

    def function(prompt, params):
        return f"{len(prompt)} {params['times']}"

    assert (await outcome(function, given)).output.text == "600000 2"


async def test_a_large_call_arrives_beside_files(storage):
    body = {"messages": [{"role": "user", "content": "x" * 300_000}], "n": 1}
    file = storage.sent("cat.png", b"png")
    given = sent(
        storage, {"call": {"endpoint": "chat.completions", "body": body}}, files=[file], etag='"1"'
    )

    def function(context: RequestContext):
        return f"{context.call.body == body} {len(context.prompt)} {context.files[0].read_bytes()}"

    assert (await outcome(function, given)).output.text == "True 300000 b'png'"


async def test_an_async_function_gets_it_too(storage):
    async def function(messages):
        return messages[0]["content"]

    assert (await outcome(function, sent(storage, {"prompt": "Hi"}))).output.text == "Hi"


async def test_a_bad_network_is_outlasted(storage):
    given = sent(storage, {"prompt": "x" * 200_000})
    storage.refusals = [503]
    storage.breaks = [70_000]

    assert (await outcome(lambda prompt: str(len(prompt)), given)).output.text == "200000"
    assert storage.ranges == [None, None, "bytes=70000-"]


async def test_a_function_finds_its_folder_empty(storage):
    def function(context: RequestContext):
        return str(list(context.folder.iterdir()))

    assert (await outcome(function, sent(storage, {"prompt": "Hi"}))).output.text == "[]"


async def test_a_text_that_would_not_fit_twice_is_in_the_whole_answer_only(storage):
    call = {"endpoint": "chat.completions", "body": {"messages": []}}
    text = "x" * (MAX_OUTPUT_BYTES * 3 // 4)

    message = await outcome(lambda prompt: text, sent(storage, {"call": call}), storage.policy())

    body = json.loads(storage.posted[message.output.body_key])
    assert body["text"] is None
    assert body["data"]["choices"][0]["message"]["content"] == text


def replaced(storage):
    given = sent(storage, {"prompt": "Hi"}, etag='"1"')
    storage.etags["body"] = '"2"'
    return given


FAULTS = {
    "replaced": (replaced, "was replaced after it was submitted"),
    "gone": (
        lambda storage: (storage.refusals.append(403), sent(storage, {"prompt": "Hi"}))[1],
        "could not be transferred",
    ),
    "larger than announced": (lambda storage: sent(storage, b'{"prompt": "Hi"}', size=4), "larger"),
    "larger than any input": (
        lambda storage: sent(storage, b"{}", size=MAX_INPUT_BYTES + 2000),
        f"at most {MAX_INPUT_BYTES} fit",
    ),
    "of no size": (lambda storage: sent(storage, b"", size=0), "cannot be read"),
    "not JSON": (lambda storage: sent(storage, b"<Error/>"), "cannot be read"),
    "not UTF-8": (lambda storage: sent(storage, b'{"prompt": "\xff"}'), "cannot be read"),
    "of another shape": (lambda storage: sent(storage, {"prompt": 7}), "cannot be read"),
    "an unknown endpoint": (
        lambda storage: sent(storage, {"call": {"endpoint": "odd", "body": {}}}),
        "cannot be read",
    ),
    "too deep": (lambda storage: sent(storage, {"params": objects(65)}), "nested too deeply"),
    "on another host": (
        lambda storage: Input(body_url="http://192.0.2.1/body", body_bytes=2),
        "192.0.2.1",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
async def test_an_input_that_cannot_be_had_fails_like_a_file(storage, caplog, name):
    make, words = FAULTS[name]

    message = await outcome(lambda prompt: "Hi", make(storage))

    assert (message.status, message.error.message) == ("failed", NOT_TRANSFERRED)
    assert words in caplog.text
    assert "signature" not in caplog.text
