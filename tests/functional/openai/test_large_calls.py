"""Calls as large as they come, and readers that leave."""

import json

import pytest

from spaces.domain.submitted_input import body_of
from spaces.handlers.openai import whole_answers
from spaces_protocol.limits import MAX_INPUT_BYTES
from spaces_protocol.rest_bodies import RequestState, SubmittedCall, SubmittedInput
from tests.functional.openai.support.playing_worker import ALL
from tests.functional.openai.support.scripts import CHAT, answers, says
from tests.long_conversation import long_conversation

ANSWER = {"choices": [{"index": 0, "message": {"content": "Hi"}, "finish_reason": "stop"}]}


@pytest.fixture
def calls(live):
    live.create_space("calls", features=("call",), max_input_bytes=MAX_INPUT_BYTES)


def test_conversation_of_200_kb_reaches_the_worker_unchanged(api, live, play, calls):
    worker = play(answers(output={"data": ANSWER}), space="calls", endpoints=ALL)
    body = long_conversation("calls")
    assert len(json.dumps(body)) > 200_000

    answer = api.post("/chat/completions", body)

    assert (answer.status, answer.body["choices"]) == (200, ANSWER["choices"])
    [request] = worker.taken
    key = request.input.body_url.partition("amazonaws.com/")[2].partition("?")[0]
    stored = json.loads(live.gateway.files.read(key))
    assert stored["call"] == {"endpoint": "chat.completions", "body": body}


def sized(size):
    """Return a call that is an input of exactly this many bytes."""
    body = {"model": "calls", "messages": [{"role": "user", "content": ""}]}
    call = SubmittedCall(endpoint="chat.completions", body=body)
    body["messages"][0]["content"] = "x" * (size - len(body_of(SubmittedInput(call=call))))
    return body


def test_input_of_four_megabytes_is_accepted_and_one_byte_more_is_not(
    api, play, calls, monkeypatch
):
    monkeypatch.setattr(whole_answers, "HOLD_SECONDS", 0)
    play(lambda _: iter([]), space="calls", endpoints=ALL)

    accepted = api.post("/chat/completions", sized(MAX_INPUT_BYTES))
    refused = api.post("/chat/completions", sized(MAX_INPUT_BYTES + 1))

    assert accepted.status == 303
    assert (refused.status, refused.error["code"]) == (413, "input_too_large")


def test_request_goes_on_when_its_reader_leaves(api, live, play):
    worker = play(says("Once", " upon", " a time"))
    body = json.dumps(CHAT | {"stream": True}).encode()

    response = api.open(
        "POST", "/openai/v1/chat/completions", body, {"Content-Type": "application/json"}
    )
    reader = iter(response.body)
    next(reader)
    del reader, response

    request_id = api.post("/chat/completions", CHAT).headers["x-request-id"]
    assert [request.request_id for request in worker.taken][1] == request_id
    first = live.gateway.requests.read("echo", 1)
    assert first.ending.state is RequestState.COMPLETED
