"""Models, and who may use them."""

import json

import pytest

from spaces.domain.access.caller import Anonymous
from spaces.domain.access.quota import CallerLimits
from spaces.handlers.rest.caller import address_of
from tests.functional.access.support.credentials import new_key
from tests.functional.openai.support.function_url import FunctionUrl, function_url_event
from tests.functional.openai.support.scripts import CHAT, says

JSON = {"Content-Type": "application/json"}
WRONG = {"Authorization": "Bearer wsk_" + "x" * 43}


@pytest.fixture
def key(live):
    live.create_space("closed", visibility="private")
    live.create_space("other", visibility="private")
    live.create_space("off", disabled=True)
    secret = new_key(live, "closed").key
    return {"Authorization": f"Bearer {secret}"}


def ids(answer):
    return [model["id"] for model in answer.body["data"]]


def test_model_is_a_space_that_accepts_requests_from_the_caller(api, key):
    [model] = api.get("/models").body["data"]

    assert model["id"] == "echo"
    assert (model["object"], model["owned_by"]) == ("model", "spaces")
    assert isinstance(model["created"], int)
    assert api.get("/models/echo").body == model


def test_key_has_its_own_models(api, key):
    assert ids(api.get("/models", key)) == ["closed"]
    assert api.get("/models/closed", key).body["id"] == "closed"


@pytest.mark.parametrize("given", [{}, {"Authorization": "Bearer sk-anything"}])
def test_public_space_takes_any_key_or_none(api, play, given):
    play(says("x"))

    assert api.post("/chat/completions", CHAT, given).status == 200
    assert ids(api.get("/models", given)) == ["echo"]


@pytest.mark.parametrize(("method", "path"), [("GET", "/models"), ("POST", "/chat/completions")])
def test_wrong_key_of_ours_is_refused_even_for_a_public_space(api, method, path):
    answer = api.call(method, path, CHAT if method == "POST" else None, WRONG)

    assert answer.status == 401
    assert (answer.error["type"], answer.error["code"]) == (
        "invalid_request_error",
        "invalid_api_key",
    )


@pytest.mark.parametrize("model", ["nothing", "gpt-4.1", "closed", "../x", "x" * 500])
def test_space_that_does_not_exist_or_is_hidden_is_an_unknown_model(api, key, model):
    answer = api.post("/chat/completions", CHAT | {"model": model})

    assert (answer.status, answer.error["code"]) == (404, "model_not_found")
    assert len(answer.error["message"]) < 300


def test_anonymous_callers_have_their_limit(api, live):
    live.create_space("few", anonymous_limits=CallerLimits(max_waiting=1))
    live.submit(space="few", caller=Anonymous(address_of(function_url_event("GET", "/"))))

    limited = api.post("/chat/completions", CHAT | {"model": "few"})

    assert (limited.status, limited.error["code"]) == (429, "rate_limit_exceeded")
    assert int(limited.headers["Retry-After"]) > 0


def test_full_queue_and_missing_worker_say_when_to_try_again(api, live):
    live.create_space("full", max_queue_length=1)
    live.create_space("refuses", when_offline="refuse")
    live.submit(space="full")

    full = api.post("/chat/completions", CHAT | {"model": "full"})
    refused = api.post("/chat/completions", CHAT | {"model": "refuses"})

    assert (full.status, full.error["code"]) == (429, "queue_full")
    assert (refused.status, refused.error["code"]) == (503, "no_worker")
    assert int(full.headers["Retry-After"]) > 0
    assert int(refused.headers["Retry-After"]) > 0


def test_request_of_a_key_is_waited_for_with_that_key_only(api, live, key):
    request_id = live.submit(space="closed", caller=None).request.request_id
    call = json.dumps(CHAT | {"model": "closed", "stream": True}).encode()
    owned = api.open("POST", "/openai/v1/chat/completions", call, {**JSON, **key})
    owned_id = owned.headers["x-request-id"]

    assert api.get(f"/chat/completions/{owned_id}").status == 404
    assert api.get(f"/chat/completions/{owned_id}", WRONG).status == 401
    assert api.get(f"/chat/completions/{request_id}x").status == 404
    assert api.get("/chat/completions/nonsense").status == 404


def test_call_that_does_not_come_through_the_edge_is_refused(live):
    direct = FunctionUrl(headers={"x-spaces-edge": "wrong"})

    assert direct.get("/models").status == 403
