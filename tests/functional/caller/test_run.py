"""Submit, run, cancel: against the gateway's handlers."""

import pytest

from spaces_client import (
    Conflict,
    InvalidInput,
    QueueFull,
    RateLimited,
    RequestCancelled,
    RequestFailed,
    RequestNotFound,
    SpaceNotFound,
    Spaces,
    UsageError,
    WaitTimedOut,
)
from tests.functional.caller.support.gateway_server import LOST, SIGNED_IN, UNHEARD
from tests.functional.openai.support.scripts import answers, says


def test_run_returns_the_answer(spaces, play):
    play(says("Hello", " you", model="m", usage={"input_tokens": 1, "output_tokens": 2}))

    result = spaces.run("echo", "hi", timeout=30, metadata={"order": "7"})

    assert (result.text, result.model, result.metadata) == ("Hello you", "m", {"order": "7"})
    assert result.usage.output_tokens == 2
    assert spaces.request(result.request_id).result().text == "Hello you"


def test_params_and_time_limits_reach_the_worker(spaces, play):
    worker = play(says("ok"))

    spaces.run("echo", "hi", params={"beam": 4}, timeout_seconds=5, metadata={"a": "b"})

    (request,) = worker.taken
    assert (request.input.params, request.metadata) == ({"beam": 4}, {"a": "b"})


def test_a_conversation_is_a_call(spaces, play):
    worker = play(
        answers(output={"text": "Hi", "data": {"choices": []}}), endpoints=("chat.completions",)
    )
    messages = [{"role": "user", "content": "hi"}]

    result = spaces.run("echo", messages=messages, params={"temperature": 0})

    (request,) = worker.taken
    assert request.input.call.body == {"messages": messages, "temperature": 0}
    assert result.data == {"choices": []}


def test_a_lost_answer_to_a_submit_submits_no_second_request(server, spaces, play):
    worker = play(says("once"))
    server.faults = [UNHEARD, LOST, 503, None]

    assert spaces.run("echo", "hi", timeout=60).text == "once"
    assert len(worker.taken) == 1


def test_a_slow_request_has_no_empty_result(spaces, live):
    request = spaces.submit("echo", "hi")

    with pytest.raises(WaitTimedOut) as caught:
        request.result(timeout=0.2)

    assert caught.value.request_id == request.id


def test_waiting_survives_errors_on_the_way(server, spaces, play):
    request = spaces.submit("echo", "hi")
    server.faults = [429, 500, LOST]
    play(says("there"))

    assert request.result(timeout=60).text == "there"


def test_a_caller_in_a_hurry_does_not_poll(server, spaces, play):
    play(says("now"))

    assert spaces.run("echo", "hi", hold=True).text == "now"
    assert all("/wait?" in path for path in server.paths("GET"))


def test_a_failure_names_request_and_reason(spaces, play):
    play(answers(status="failed", error={"type": "too_loud", "message": "Be quiet."}))

    with pytest.raises(RequestFailed, match=r"Be quiet\. \(too_loud\)") as caught:
        spaces.run("echo", "hi")

    assert caught.value.request_id.startswith("echo.1.")


def test_a_cancelled_request_raises_what_it_is(spaces, live):
    request = spaces.submit("echo", "hi")

    assert request.cancel() is True
    with pytest.raises(RequestCancelled):
        request.result()
    request.delete()
    with pytest.raises(RequestNotFound):
        request.status()


def test_an_answered_request_cannot_be_cancelled(spaces, play):
    play(says("done"))
    result = spaces.run("echo", "hi")

    with pytest.raises(Conflict, match="already_ended"):
        spaces.request(result.request_id).cancel()


def test_a_full_queue_does_not_look_like_success(spaces, live):
    live.create_space("tight", max_queue_length=1)
    spaces.submit("tight", "first")

    with pytest.raises(QueueFull) as caught:
        spaces.submit("tight", "second")

    assert caught.value.retry_after >= 1


def test_a_limit_says_when_to_come_back(spaces, live):
    live.create_space("rare", requests_per_minute=1)
    spaces.submit("rare", "first")

    with pytest.raises(RateLimited) as caught:
        spaces.submit("rare", "second")

    assert 0 < caught.value.retry_after <= 60


def test_an_unknown_space_is_named(spaces):
    with pytest.raises(SpaceNotFound):
        spaces.run("nowhere", "hi")


def test_the_gateway_s_own_words_reach_the_caller(spaces):
    with pytest.raises(InvalidInput, match="timeout_seconds") as caught:
        spaces.submit("echo", "hi", timeout_seconds=100_000)

    assert (caught.value.status, caught.value.error_type) == (422, "invalid_input")


def test_the_same_idempotency_key_finds_the_request(spaces):
    first, second = (spaces.submit("echo", "hi", idempotency_key="order-7") for _ in range(2))

    assert first.id == second.id


@pytest.mark.parametrize("key", ["", "é", "a\nb", " x "])
def test_a_key_that_no_header_can_hold_is_refused_unsent(server, spaces, key):
    with pytest.raises(UsageError, match="idempotency_key"):
        spaces.submit("echo", "hi", idempotency_key=key)

    assert server.calls == []


def test_spaces_are_listed_and_described(spaces, play):
    play(says("x"), schema={"type": "object", "properties": {"loud": {"type": "boolean"}}})

    assert [each.space for each in spaces.list_spaces()] == ["echo"]
    assert spaces.describe("echo").params_schema["properties"] == {"loud": {"type": "boolean"}}


def test_results_of_a_map_come_in_the_order_of_the_prompts(spaces, play):
    play(lambda request: iter([{"output": {"text": request.input.prompt.upper()}}]))

    results = spaces.map("echo", (f"p{n}" for n in range(12)), concurrency=4, timeout=60)

    assert [each.text for each in results] == [f"P{n}" for n in range(12)]


def test_a_signed_in_user_has_a_history(server, live):
    token = SIGNED_IN.removeprefix("Bearer ")
    with Spaces(server.address, access_token=token) as spaces:
        request = spaces.submit("echo", "find me")
        (entry,) = spaces.history(space="echo", query="find")

        assert (entry.request_id, entry.prompt) == (request.id, "find me")
        request.cancel()
        request.delete()
        assert list(spaces.history()) == []


def test_without_sign_in_a_history_is_refused_with_a_remedy(spaces):
    with pytest.raises(UsageError, match="access_token"):
        list(spaces.history())
