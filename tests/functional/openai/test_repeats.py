"""Calls that a client repeats: the official clients do so after 5xx and time-outs."""

import pytest

from spaces.domain.timing import SECOND
from spaces.handlers.openai import whole_answers
from spaces.services.administration.edit_space import edit_space
from spaces.services.openai.begin_call import REPEATED_WITHIN
from tests.functional.access.support.credentials import new_key
from tests.functional.aws_failures import OVERLOADED, raising
from tests.functional.openai.support.scripts import CHAT


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(whole_answers, "HOLD_SECONDS", 0)


def tried(number):
    return {"x-stainless-retry-count": str(number)}


def request_of(api, headers, body=CHAT):
    return api.post("/chat/completions", body, headers).headers["x-request-id"]


def test_repeat_finds_the_request_of_the_first_try(api, live):
    first = request_of(api, tried(0))

    assert request_of(api, tried(1)) == first
    assert request_of(api, tried(2)) == first
    assert live.queue().waiting == 1


def test_first_tries_are_requests_of_their_own(api, live):
    first, second = (request_of(api, tried(0)) for _ in range(2))

    assert first != second
    assert request_of(api, tried(1)) == second
    assert live.queue().waiting == 2


def test_repeat_of_a_refused_try_does_not_find_an_earlier_equal_call(api, live):
    live.create_space("small", max_queue_length=1)
    call = CHAT | {"model": "small"}
    earlier = request_of(api, tried(0), call)

    refused = api.post("/chat/completions", call, tried(0))
    edit_space(live.gateway, "small", {"version": 1, "max_queue_length": 5}, "bob")
    repeated = request_of(api, tried(1), call)

    assert (refused.status, refused.error["code"]) == (429, "queue_full")
    assert repeated != earlier
    assert request_of(api, tried(2), call) == repeated


def test_other_bodies_and_callers_are_no_repeats(api, live):
    key = {"Authorization": f"Bearer {new_key(live, 'echo').key}"}
    elsewhere = {"x-forwarded-for": "198.51.100.1"}
    first = request_of(api, tried(0))

    assert request_of(api, tried(1) | key) != first
    assert request_of(api, tried(1), CHAT | {"temperature": 1}) != first
    assert request_of(api, tried(1) | elsewhere) == first


def test_caller_that_does_not_count_never_repeats(api, live):
    first = request_of(api, tried(0))

    assert len({first, request_of(api, {}), request_of(api, {}), request_of(api, tried("x"))}) == 4


def test_repeat_after_ten_minutes_is_a_new_request(api, live):
    first = request_of(api, tried(0))
    now = live.gateway.now() + REPEATED_WITHIN + SECOND
    live.clock.__class__ = type("Later", (type(live.clock),), {"__call__": lambda _: now})

    assert request_of(api, tried(1)) != first


def test_key_of_the_caller_is_obeyed_whatever_the_count(api, live):
    named = {"Idempotency-Key": "mine"}
    first = request_of(api, named | tried(0))

    assert request_of(api, named | tried(0)) == first
    other = CHAT | {"messages": [{"role": "user", "content": "something else"}]}
    reused = api.post("/chat/completions", other, named)
    assert (reused.status, reused.error["code"]) == (400, "idempotency_key_reused")


@pytest.mark.parametrize("error", OVERLOADED.values(), ids=OVERLOADED)
def test_what_aws_refuses_for_the_moment_is_to_be_repeated(api, live, monkeypatch, error):
    monkeypatch.setattr(live.gateway.spaces, "load", raising(error))

    answer = api.post("/chat/completions", CHAT)

    assert (answer.status, answer.error["code"]) == (503, "busy")
    assert answer.headers["Retry-After"] == "5"
