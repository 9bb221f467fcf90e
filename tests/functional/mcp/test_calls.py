"""A call of a tool is a request, and its result a list of blocks."""

import time
from base64 import b64decode, b64encode

import pytest

from spaces.domain.access.quota import CallerLimits
from spaces.domain.mcp.results import MAX_SHOWN_BYTES, REQUEST_ID
from spaces.handlers.mcp import call_tool
from spaces.handlers.overload import overload_as_busy
from spaces.services.mcp.follow_tool import AFTER_OVERLOAD_SECONDS, follow_tool
from spaces.services.workers.commit_result import commit_result
from spaces_protocol.request_id import RequestId
from tests.functional.aws_failures import OVERLOADED, raising
from tests.functional.gateway.world import answer_to

PNG = bytes.fromhex("89504e470d0a1a0a") + b"no picture"


def says(text=None, **output):
    return lambda _: iter([{"output": {"text": text, **output}}])


def slowly(text):
    """Return a script that takes a second."""

    def script(_):
        time.sleep(1)
        yield {"output": {"text": text}}

    return script


def fails(error):
    return lambda _: iter([{"status": "failed", "error": {"type": "too_dark", "message": error}}])


def test_prompt_and_params_reach_the_worker_and_its_text_comes_back(mcp, play):
    worker = play(says("hello"))

    answer = mcp.call("echo", {"prompt": "hi", "beam": 4, "params": {"files": "x"}})

    assert answer.headers["Content-Type"] == "application/json"
    assert answer.result["resultType"] == "complete"
    assert (answer.text, answer.result["isError"]) == ("hello", False)
    [request] = worker.taken
    assert (request.input.prompt, request.input.params) == ("hi", {"beam": 4, "files": "x"})
    assert answer.result["_meta"][REQUEST_ID] == request.request_id


def test_client_with_a_handshake_gets_the_same_without_a_result_type(mcp, play):
    play(says("hello"))

    answer = mcp.legacy("tools/call", {"name": "echo", "arguments": {"prompt": "hi"}})

    assert answer.text == "hello"
    assert "resultType" not in answer.result


def test_options_and_trace_reach_the_request(mcp, live):
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    arguments = {"prompt": "hi", "timeout_seconds": 7.5, "start_timeout_seconds": 1}

    answer = mcp.call("echo", arguments, traceparent=trace)

    assert "No worker could take the request for 1 second" in answer.text
    request_id = RequestId.parse(answer.result["_meta"][REQUEST_ID])
    request = live.gateway.requests.read("echo", request_id.ticket)
    assert (request.timeout, request.start_timeout) == (7500, 1000)
    assert request.traceparent == trace


def test_files_come_as_base64_as_blocks_and_as_uploads(mcp, live, play):
    live.create_space("see", features=("prompt", "file"), max_files=5)
    worker = play(says("seen"), space="see")
    data = b64encode(PNG).decode()
    files = [
        {"data": data, "name": "../a.png", "mimeType": "image/png"},
        {"type": "image", "data": data, "mimeType": "image/png"},
        {"type": "resource", "resource": {"uri": "file:///b.txt", "text": "hi"}},
        {"url": f"data:image/png;base64,{data}"},
    ]

    assert mcp.call("see", {"prompt": "what?", "files": files}).text == "seen"

    [request] = worker.taken
    found = [(file.name, file.content_type, file.size) for file in request.input.files]
    assert found == [
        ("..a.png", "image/png", len(PNG)),
        ("file-2.png", "image/png", len(PNG)),
        ("b.txt", "application/octet-stream", 2),
        ("file-4.png", "image/png", len(PNG)),
    ]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([{"url": "https://example.org/a.png"}], "fetches no URLs"),
        ([{"upload_id": "x" * 22}], "was not uploaded"),
        ([{"upload_id": "../x"}], "files[0].upload_id"),
        ([{"data": "?"}], "files[0].data must be Base64"),
        ([{"name": "a"}], "files[0] has no content"),
        (["a"], "files[0] must be an object"),
        ("a", "must be a list"),
        ([{"data": "aGk="}] * 11, "at most 10"),
        ([{"data": "aGk="}, {"data": "aGk="}], "at most 1"),
        ([{"data": b64encode(b"x" * 101).decode()}], "101 bytes; this space accepts at most 100"),
    ],
)
def test_file_that_cannot_be_used_is_named_with_the_remedy(mcp, live, files, said):
    live.create_space("see", features=("prompt", "file"), max_file_bytes=100)

    answer = mcp.call("see", {"prompt": "x", "files": files})

    assert (answer.status, answer.result["isError"]) == (200, True)
    assert said in answer.text


def test_prompt_for_a_space_of_calls_becomes_a_chat(mcp, live, play):
    live.create_space("chat", features=("call",))
    data = {"choices": [{"message": {"role": "assistant", "content": "hello"}}]}
    worker = play(says("hello", data=data), space="chat", endpoints=("chat.completions",))

    answer = mcp.call("chat", {"prompt": "hi", "temperature": 0.5})

    [request] = worker.taken
    messages = [{"role": "user", "content": "hi"}]
    assert request.input.call.body == {"temperature": 0.5, "messages": messages}
    assert answer.result["content"] == [{"type": "text", "text": "hello"}]
    assert "structuredContent" not in answer.result


def test_call_of_an_endpoint_passes_as_it_is_or_is_refused_with_the_list(mcp, live, play):
    live.create_space("chat", features=("call",))
    worker = play(says(data={"data": []}), space="chat", endpoints=("embeddings",))
    call = {"endpoint": "embeddings", "body": {"input": "hi"}}

    assert mcp.call("chat", {"call": call}).result["structuredContent"] == {"data": []}
    assert worker.taken[0].input.call.body == {"input": "hi"}
    assert "serves" in mcp.call("chat", {"call": call | {"endpoint": "completions"}}).text
    assert "call must be" in mcp.call("chat", {"call": {"endpoint": "x", "body": {}}}).text


def test_data_are_structured_content_and_text(mcp, play):
    play(says("two", data={"n": 2}))

    result = mcp.call("echo", {"prompt": "hi"}).result

    assert result["structuredContent"] == {"n": 2}
    assert [block["text"] for block in result["content"]] == ["two", '{"n":2}']


def sends(live, *files):
    """Return a script that answers with files of these types and contents."""

    def script(request):
        entries = []
        for index, (content_type, content) in enumerate(files):
            key = f"{request.upload.key_prefix}{index}"
            live.gateway.files.put(key, content)
            name = {"name": f"{index}.bin", "content_type": content_type}
            entries.append({**name, "size": len(content), "key": key})
        yield {"output": {"files": entries}}

    return script


def test_small_pictures_and_recordings_are_shown_and_other_files_linked(mcp, live, play):
    large = b"x" * (MAX_SHOWN_BYTES - len(PNG))
    play(
        sends(
            live,
            ("image/png", PNG),
            ("audio/x-wav", large),
            ("image/png", PNG),
            ("text/plain", b"hi"),
            ("image/svg+xml", b"<svg/>"),
        )
    )

    blocks = mcp.call("echo", {"prompt": "hi"}).result["content"]

    kinds = ["image", "audio", "resource_link", "resource_link", "resource_link"]
    assert [block["type"] for block in blocks] == kinds
    assert (b64decode(blocks[0]["data"]), blocks[0]["mimeType"]) == (PNG, "image/png")
    assert blocks[1]["mimeType"] == "audio/wav"
    assert blocks[3]["uri"].startswith("https://files.")
    assert (blocks[3]["name"], blocks[3]["size"]) == ("3.bin", 2)


def test_failure_of_the_model_is_a_result_that_a_model_can_read(mcp, play):
    play(fails("It is too dark."))

    result = mcp.call("echo", {"prompt": "hi"}).result

    assert (result["isError"], result["content"][0]["text"]) == (True, "It is too dark.")
    assert result["_meta"]["websocket-spaces/errorType"] == "too_dark"


def test_limits_are_results_that_say_when_to_try_again(mcp, live):
    live.create_space("refuses", when_offline="refuse")
    live.create_space("few", anonymous_limits=CallerLimits(requests_per_minute=0))

    for name, kind in (("refuses", "no_worker"), ("few", "rate_limited")):
        result = mcp.call(name, {"prompt": "hi"}).result
        assert result["_meta"]["websocket-spaces/errorType"] == kind
        assert result["_meta"]["websocket-spaces/retryAfterSeconds"] > 0
        assert "Try again in" in result["content"][0]["text"]


@pytest.mark.parametrize("name", ["nothing", "closed", "../x", "x" * 500])
def test_space_that_does_not_exist_or_is_hidden_is_an_unknown_tool(mcp, key, name):
    answer = mcp.call(name, {"prompt": "hi"})

    assert (answer.status, answer.error["code"]) == (400, -32602)
    assert answer.error["message"].startswith("Unknown tool.")
    assert len(answer.error["message"]) < 300
    assert mcp.legacy("tools/call", {"name": name}).status == 200


def test_repeat_is_recognized_by_its_key_alone(mcp, play):
    worker = play(says("hello"))
    named = {"websocket-spaces/idempotencyKey": "order-1"}

    first = mcp.call("echo", {"prompt": "hi"}, **named)
    again = mcp.call("echo", {"prompt": "hi"}, **named)
    by_header = mcp.call("echo", {"prompt": "hi"}, headers={"Idempotency-Key": "order-1"})
    other = mcp.call("echo", {"prompt": "other"}, **named)
    mcp.call("echo", {"prompt": "hi"})  # the same id of a message, but another client's perhaps

    ids = {each.result["_meta"][REQUEST_ID] for each in (first, again, by_header)}
    assert len(ids) == 1
    assert len(worker.taken) == 2
    assert other.result["_meta"]["websocket-spaces/errorType"] == "idempotency_key_reused"


@pytest.mark.parametrize("written", ["key#{key_id}\n{key}", "\n{key}", "a\tb", "\x7f"])
def test_key_of_a_repeat_cannot_be_written_as_that_of_another_caller(mcp, play, key, written):
    play(says("hello"))
    name = "websocket-spaces/idempotencyKey"
    written = written.format(key_id="1", key="order-1")

    answer = mcp.call("echo", {"prompt": "hi"}, **{name: written})

    assert answer.error["data"]["field"] == f"params._meta['{name}']"
    assert "control characters" in answer.error["message"]


def test_call_that_lasts_streams_how_far_it_is(mcp, play, impatient, monkeypatch):
    monkeypatch.setattr(call_tool, "EVERY_STEP", 0.2)

    play(slowly("done"))

    answer = mcp.call("echo", {"prompt": "hi"}, progressToken="t")

    assert answer.headers["Content-Type"] == "text/event-stream"
    *told, last = answer.messages
    assert last["result"]["content"][0]["text"] == "done"
    assert last["id"] == 1
    assert len(told) >= 2
    assert {note["method"] for note in told} == {"notifications/progress"}
    assert {note["params"]["progressToken"] for note in told} == {"t"}
    steps = [note["params"]["progress"] for note in told]
    assert steps == sorted(set(steps))


def test_call_without_a_token_streams_comments(mcp, play, impatient):
    play(slowly("done"))

    answer = mcp.call("echo", {"prompt": "hi"})

    assert answer.body.startswith(b":\n\n")
    assert [message["id"] for message in answer.messages] == [1]


def test_stream_that_may_last_no_longer_says_where_the_result_will_be(live, mcp, impatient):
    mcp.seconds = 0

    result = mcp.call("echo", {"prompt": "hi"}).result

    assert result["isError"] is True
    assert result["_meta"]["websocket-spaces/errorType"] == "still_running"
    assert f"/v1/spaces/echo/requests/{result['_meta'][REQUEST_ID]}" in result["content"][0]["text"]


def test_client_that_reads_no_stream_is_told_that_it_is_still_running(mcp, live, impatient):
    answer = mcp.call("echo", {"prompt": "hi"}, headers={"Accept": "application/json"})

    assert answer.headers["Content-Type"] == "application/json"
    assert answer.result["_meta"]["websocket-spaces/errorType"] == "still_running"


def test_what_aws_refuses_for_the_moment_is_said_so(mcp, live, monkeypatch):
    monkeypatch.setattr(live.gateway.spaces, "load", raising(OVERLOADED["throttled"]))

    assert mcp.call("echo", {"prompt": "x"}).error["data"] == {"errorType": "busy"}


def test_step_that_is_throttled_is_made_again(world, monkeypatch):
    sender = world.join()
    request_id = world.submit().request.request_id
    commit_result(world.gateway, sender, answer_to(world.handed(sender)[-1], "hello"))
    monkeypatch.setattr(world.gateway.requests, "read_with_queue", raising(OVERLOADED["throttled"]))
    monkeypatch.setattr(world.gateway.requests, "read_answer", raising(OVERLOADED["throttled"]))
    pauses = []

    def recover(seconds):
        pauses.append(seconds)
        monkeypatch.undo()

    until = world.clock() + 60_000
    steps = follow_tool(
        world.gateway, request_id, every=10, sleep=recover, until=until, guard=overload_as_busy
    )

    assert [each.output.text for each in steps] == ["hello"]
    assert pauses == [AFTER_OVERLOAD_SECONDS]
