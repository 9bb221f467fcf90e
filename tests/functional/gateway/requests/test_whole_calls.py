"""Calls of the OpenAI API, and inputs that are too large for an item and a message."""

import json
from urllib.parse import urlsplit

import pytest

from spaces.adapters.dynamodb.keys import definition_key
from spaces.domain.access.caller import User
from spaces.domain.errors import EndpointNotServed, InputTooLarge, InvalidInput, UploadMissing
from spaces.services.administration.manage_requests import retry_request
from spaces.services.requests.delete_request import delete_request
from spaces.services.requests.list_history import list_history
from spaces.services.requests.submit_request import submit_request
from spaces.services.requests.view_result import request_result
from spaces.services.spaces.view_space import view_space
from spaces.services.workers.commit_result import commit_result
from spaces.services.workers.register_worker import register_worker
from spaces_protocol.limits import (
    DEFAULT_INPUT_BYTES,
    MAX_DEPTH,
    MAX_INPUT_BYTES,
    MAX_SOCKET_INPUT_BYTES,
)
from spaces_protocol.model_call import ModelCall
from spaces_protocol.rest_bodies import SubmittedCall, SubmittedInput, UploadedFile
from spaces_protocol.worker_messages import Register
from tests import nested_values
from tests.functional.gateway.world import answer_to

ALICE = User("u1", "alice", frozenset())
BODY = {
    "messages": [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": [{"type": "text", "text": "What is this?"}, {"type": "x"}]},
        {"role": "assistant", "content": None, "tool_calls": [{"id": "c1"}]},
    ],
    "temperature": 1.0,
    "stop": ["\n"],
}


@pytest.fixture
def s3(aws):
    return aws[1]


@pytest.fixture
def chat(world):
    world.create_space("chat", features=("prompt", "call"), max_input_bytes=MAX_INPUT_BYTES)
    return world


def serve(world, *endpoints):
    sender = world.connect("w1", "chat")
    declared = {"chat": list(endpoints)} if endpoints else {}
    register = Register(spaces=["chat"], session="s", endpoints=declared)
    register_worker(world.gateway, sender, register)
    return sender


def call_of(body=BODY, endpoint="chat.completions"):
    return SubmittedInput(call=SubmittedCall(endpoint=endpoint, body=body))


def submit(world, submitted, **options):
    return submit_request(world.gateway, "chat", submitted, **options).request


def large(size=MAX_SOCKET_INPUT_BYTES + 1):
    return SubmittedInput(prompt="x" * (size - len('{"prompt":""}')))


def objects(s3, prefix="inputs/"):
    listed = s3.list_objects_v2(Bucket="files", Prefix=prefix).get("Contents", [])
    return {each["Key"]: s3.get_object(Bucket="files", Key=each["Key"]) for each in listed}


def test_a_call_reaches_the_worker_as_it_came(chat):
    worker = serve(chat, "chat.completions")

    submit(chat, call_of())

    received = chat.handed(worker)[0].input
    assert received.call == ModelCall(endpoint="chat.completions", body=BODY)
    assert (received.prompt, received.params, received.body_url) == (None, {}, None)


def test_a_call_is_seen_with_its_result_and_in_the_history(chat):
    worker = serve(chat, "chat.completions")
    request = submit(chat, call_of(), caller=ALICE)
    commit_result(chat.gateway, worker, answer_to(chat.handed(worker)[0]))

    shown = request_result(chat.gateway, request.request_id).input
    (entry,) = list_history(chat.gateway, ALICE).requests

    assert shown.call.body == BODY
    assert entry.prompt == "What is this?"


@pytest.mark.parametrize(
    ("declared", "says"),
    [
        ((), "No worker of this space has declared that it serves calls. Start one"),
        (("completions", "embeddings"), "serves completions, embeddings. Use one of these."),
    ],
)
def test_an_endpoint_that_is_not_served_takes_no_ticket(chat, declared, says):
    serve(chat, *declared)

    with pytest.raises(EndpointNotServed, match=says):
        submit(chat, call_of())

    assert chat.queue("chat").tail == 0


def test_what_a_worker_serves_is_shown_and_taken_back(chat):
    serve(chat, "embeddings", "embeddings", "completions")
    shown = view_space(chat.gateway, "chat").endpoints
    serve(chat)

    assert shown == ["embeddings", "completions"]
    assert view_space(chat.gateway, "chat").endpoints == []


def test_a_prompt_is_taken_whatever_the_worker_serves(chat):
    worker = serve(chat)

    submit(chat, SubmittedInput(prompt="hello"))

    assert chat.handed(worker)[0].input.prompt == "hello"


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"prompt": "hello"}, r"input\.call and input\.prompt"),
        ({"params": {"a": 1}}, r"input\.call and input\.params"),
    ],
)
def test_a_call_and_something_else_for_the_model_are_refused(chat, fields, says):
    serve(chat, "chat.completions")
    call = SubmittedCall(endpoint="chat.completions", body=BODY)

    with pytest.raises(InvalidInput, match=says):
        submit(chat, SubmittedInput(call=call, **fields))


def test_a_call_that_nobody_could_read_is_refused(chat):
    serve(chat, "chat.completions")

    with pytest.raises(InvalidInput, match=r"input\.call\.body is nested"):
        submit(chat, call_of(nested_values.objects(MAX_DEPTH + 1)))


def test_a_space_without_the_feature_takes_no_call(world):
    with pytest.raises(InvalidInput, match="does not accept calls"):
        submit_request(world.gateway, "echo", call_of())


def test_a_space_of_calls_alone_says_what_to_send(world):
    world.create_space("calls", features=("call",))

    with pytest.raises(InvalidInput, match=r"does not accept a prompt.*input\.call"):
        submit_request(world.gateway, "calls", SubmittedInput(prompt="hello"))


@pytest.mark.parametrize("size", [MAX_SOCKET_INPUT_BYTES + 1, MAX_INPUT_BYTES])
def test_a_large_input_travels_by_s3(chat, s3, size):
    worker = serve(chat)

    submit(chat, large(size))

    received = chat.handed(worker)[0].input
    ((key, stored),) = objects(s3).items()
    assert (received.prompt, received.params, received.call) == (None, {}, None)
    assert urlsplit(received.body_url).path == f"/{key}"
    assert (received.body_bytes, received.body_etag) == (size, stored["ETag"])
    assert json.loads(stored["Body"].read()) == {"prompt": large(size).prompt}


def test_the_largest_input_of_an_item_does_not(chat, s3):
    worker = serve(chat)

    submit(chat, large(MAX_SOCKET_INPUT_BYTES))

    assert chat.handed(worker)[0].input.body_url is None
    assert objects(s3) == {}


@pytest.mark.parametrize("limit", [DEFAULT_INPUT_BYTES, MAX_INPUT_BYTES])
def test_one_byte_more_than_the_space_takes_is_refused(world, s3, limit):
    world.create_space("chat", max_input_bytes=limit)
    submit(world, large(limit))

    with pytest.raises(InputTooLarge, match=f"{limit + 1:,} bytes of JSON.*at most {limit:,}"):
        submit(world, large(limit + 1))

    assert len(objects(s3)) == 1


def test_the_gateway_reads_no_large_input_to_dispatch_it(chat, s3):
    submit(chat, large())
    read = []
    events = s3.meta.events
    events.register("before-call.s3", lambda model, **_: read.append(model.name), unique_id="count")
    try:
        serve(chat)
    finally:
        events.unregister("before-call.s3", unique_id="count")

    assert read == []


def test_a_large_call_is_seen_by_its_address(chat):
    worker = serve(chat, "chat.completions")
    filler = {"role": "system", "content": "x" * MAX_SOCKET_INPUT_BYTES}
    request = submit(chat, call_of({"messages": [filler, *BODY["messages"]]}), caller=ALICE)
    commit_result(chat.gateway, worker, answer_to(chat.handed(worker)[0]))

    shown = request_result(chat.gateway, request.request_id).input

    assert (shown.prompt, shown.call) == (None, None)
    assert "response-content-disposition=attachment" in shown.body_url
    assert shown.body_bytes > MAX_SOCKET_INPUT_BYTES
    assert list_history(chat.gateway, ALICE).requests[0].prompt == "What is this?"


def test_a_large_input_goes_with_its_request(chat, s3):
    worker = serve(chat)
    request = submit(chat, large(), caller=ALICE)
    commit_result(chat.gateway, worker, answer_to(chat.handed(worker)[0]))

    delete_request(chat.gateway, request.request_id, ALICE)

    assert objects(s3) == {}


def test_a_retried_large_input_does_not_end_with_the_first(chat, s3):
    worker = serve(chat)
    request = submit(chat, large(), caller=ALICE)
    commit_result(chat.gateway, worker, answer_to(chat.handed(worker)[0]))

    retry_request(chat.gateway, request.request_id, "admin")
    delete_request(chat.gateway, request.request_id, ALICE)

    again = chat.handed(worker)[-1].input
    ((key, _),) = objects(s3).items()
    assert urlsplit(again.body_url).path == f"/{key}"


def test_a_large_input_that_is_gone_cannot_be_retried(chat, s3):
    request = submit(chat, large())
    for key in objects(s3):
        s3.delete_object(Bucket="files", Key=key)

    with pytest.raises(UploadMissing, match="no longer stored"):
        retry_request(chat.gateway, request.request_id, "admin")


def test_a_repetition_stores_no_second_copy(chat, s3):
    first = submit(chat, large(), idempotency_key="k")
    again = submit(chat, large(), idempotency_key="k")

    assert first.request_id == again.request_id
    assert len(objects(s3)) == 1


@pytest.mark.parametrize("refused", ["queue", "files"])
def test_a_submit_that_is_refused_stores_nothing(world, s3, refused):
    limits = {"max_queue_length": 1} if refused == "queue" else {"features": ("prompt", "file")}
    world.create_space("chat", **limits)
    submit(world, SubmittedInput(prompt="first"))
    files = [] if refused == "queue" else [UploadedFile(upload_id="A" * 22)]

    with pytest.raises(Exception, match=r"waiting|was not uploaded"):
        submit(world, SubmittedInput(prompt=large().prompt, files=files))

    assert objects(s3) == {}


@pytest.mark.parametrize(
    ("stored", "read"),
    [({"max_prompt_bytes": 24_576}, DEFAULT_INPUT_BYTES), ({"max_prompt_bytes": 100}, 100)],
)
def test_a_limit_that_was_lowered_before_stays(world, dynamodb, stored, read):
    kept = json.loads(definition_item(dynamodb)["definition"]["S"])
    del kept["max_input_bytes"]
    dynamodb.update_item(
        TableName="spaces",
        Key=definition_key("echo"),
        UpdateExpression="SET #definition = :it",
        ExpressionAttributeNames={"#definition": "definition"},
        ExpressionAttributeValues={":it": {"S": json.dumps(kept | stored)}},
    )

    assert world.gateway.spaces.definition("echo").max_input_bytes == read


def definition_item(dynamodb):
    return dynamodb.get_item(TableName="spaces", Key=definition_key("echo"))["Item"]
