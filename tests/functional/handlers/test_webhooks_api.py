"""Webhooks at the REST API: who may ask for one, and how it shows."""

import pytest

from spaces import bootstrap
from spaces.domain.space import Definition
from spaces.domain.webhooks.message import signing_secret
from spaces.services.access.issue_credential import digest_of
from spaces.services.administration import credentials
from spaces.services.spaces.create_space import create_space
from spaces_protocol.admin_bodies import NewKey

SUBMIT = "/v1/spaces/echo/requests"
ASKING = {"input": {"prompt": "hello"}, "webhook": {"url": "https://example.com/in"}}


@pytest.fixture
def key(environment):
    create_space(bootstrap.gateway(), Definition(space_id="echo", title="Echo", created_at=1))
    return credentials.add_key(bootstrap.gateway(), NewKey(spaces=["echo"]), "ada").key


def bearer(key):
    return {"authorization": f"Bearer {key}"}


def test_a_submit_with_a_key_may_ask_for_a_webhook(call, key):
    accepted = call("POST", SUBMIT, ASKING, bearer(key))

    assert accepted.status == 202
    shown = call("GET", f"{SUBMIT}/{accepted.body['request_id']}/webhook", headers=bearer(key))
    assert shown.status == 200
    assert shown.body["url"] == "https://example.com/in"
    assert shown.body["events"] == [
        *("request.completed", "request.failed", "request.cancelled", "request.timed_out")
    ]
    assert (shown.body["state"], shown.body["tries"]) == ("pending", 0)


def test_a_submit_without_a_key_may_not(call, key):
    answer = call("POST", SUBMIT, ASKING)

    assert (answer.status, answer.body["error_type"]) == (403, "not_allowed")


@pytest.mark.parametrize(
    ("webhook", "says"),
    [
        ({}, "webhook"),
        ({"url": 5}, "webhook.url must be text"),
        ({"url": "http://example.com/"}, "https"),
        ({"url": "https://127.0.0.1/"}, "public host"),
        ({"url": "https://example.com/", "events": []}, "webhook.events is empty"),
        ({"url": "https://example.com/", "events": ["request.started"]}, "webhook.events"),
        ({"url": "https://example.com/", "secret": "x"}, "secret"),
        ("https://example.com/", "webhook must be an object"),
    ],
)
def test_a_wrong_webhook_is_refused_by_its_field(call, key, webhook, says):
    answer = call("POST", SUBMIT, {**ASKING, "webhook": webhook}, bearer(key))

    assert (answer.status, answer.body["error_type"]) == (422, "invalid_input")
    assert says in answer.body["detail"]


def test_the_same_key_and_input_with_another_webhook_is_another_request(call, key):
    headers = {**bearer(key), "idempotency-key": "one"}
    call("POST", SUBMIT, ASKING, headers)

    answer = call("POST", SUBMIT, {**ASKING, "webhook": {"url": "https://example.org/"}}, headers)

    assert answer.body["error_type"] == "idempotency_key_reused"


def test_the_secret_is_that_of_the_key(call, key):
    answer = call("GET", "/v1/webhook-secret", headers=bearer(key))

    assert (answer.status, answer.body["secret"]) == (200, signing_secret(digest_of(key)))
    assert call("GET", "/v1/webhook-secret").status == 403


def test_a_request_that_has_not_ended_cannot_be_announced(call, key):
    request_id = call("POST", SUBMIT, ASKING, bearer(key)).body["request_id"]

    answer = call("POST", f"{SUBMIT}/{request_id}/webhook", headers=bearer(key))

    assert (answer.status, answer.body["error_type"]) == (409, "still_running")


def test_nobody_else_sees_it(call, key):
    request_id = call("POST", SUBMIT, ASKING, bearer(key)).body["request_id"]

    for method in ("GET", "POST"):
        assert call(method, f"{SUBMIT}/{request_id}/webhook").status == 403
