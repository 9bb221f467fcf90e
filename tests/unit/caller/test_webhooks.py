"""Webhooks are verified as the gateway signs them, and as the library of the standard does."""

import json
import time
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from spaces.domain.webhooks.message import signed_headers, signing_secret
from spaces_client import SpacesError, UsageError
from spaces_client.webhooks import WebhookExpired, WebhookRejected, verify

SECRET, OTHER = signing_secret("a1" * 32), signing_secret("b2" * 32)
NOW = 1_800_000_000
BODY = json.dumps(
    {
        "type": "request.completed",
        "timestamp": "2027-01-15T08:00:00.000Z",
        "data": {
            "request_id": "echo.1.AAAAAAAAAAAAAAAAAAAAAA",
            "space": "echo",
            "status": "COMPLETED",
            "times": {"created_at": "2027-01-15T07:59:00Z", "started_at": None, "ended_at": None},
            "response_url": "https://api.example/v1/…",
            "metadata": {"order": "你好"},
        },
    },
    ensure_ascii=False,
).encode()


def sent(*secrets, seconds=NOW, body=BODY):
    return signed_headers("msg_7", body, secrets or (SECRET,), seconds)


def with_header(name, value):
    return {**sent(), name: value}


def without(name):
    return {key: value for key, value in sent().items() if key != name}


def test_a_message_of_the_gateway_is_read():
    message = verify({**sent(), "Host": "x"}, BODY, SECRET, now=NOW)

    assert (message.id, message.type) == ("msg_7", "request.completed")
    assert message.timestamp.isoformat() == "2027-01-15T08:00:00+00:00"
    assert (message.data.status, message.data.metadata) == ("COMPLETED", {"order": "你好"})


@pytest.mark.parametrize("secret", [SECRET, OTHER])
def test_while_a_key_is_replaced_both_secrets_are_right(secret):
    assert verify(sent(SECRET, OTHER), BODY, secret, now=NOW).id == "msg_7"


def test_neither_the_case_of_headers_nor_text_instead_of_bytes_matters():
    headers = {name.title(): value for name, value in sent().items()}

    assert verify(headers, BODY.decode(), SECRET, now=NOW).id == "msg_7"


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (sent(), BODY + b" "),
        (sent(OTHER), BODY),
        (sent(seconds=NOW + 1) | {"webhook-timestamp": str(NOW)}, BODY),
        (with_header("webhook-id", "msg_8"), BODY),
        (with_header("webhook-signature", "v1,"), BODY),
        (with_header("webhook-signature", "v1,%%%"), BODY),
        (with_header("webhook-signature", "v1"), BODY),
        (with_header("webhook-signature", sent()["webhook-signature"].replace("v1", "v2")), BODY),
        (without("webhook-id"), BODY),
        (without("webhook-timestamp"), BODY),
        (without("webhook-signature"), BODY),
        ({}, BODY),
        (sent(body=b"[]"), b"[]"),
        (sent(body=b"\xff"), b"\xff"),
        (sent(body=b""), b""),
        (with_header("webhook-id", "\udcff"), BODY),
        (with_header("webhook-timestamp", "\ud83d"), BODY),
        (with_header("webhook-signature", "v1,\udcff"), BODY),
        (sent(), "{\udcff}"),
    ],
)
def test_what_is_not_from_the_gateway_is_rejected(headers, body):
    with pytest.raises(WebhookRejected) as caught:
        verify(headers, body, SECRET, now=NOW)

    assert isinstance(caught.value, SpacesError)
    assert not isinstance(caught.value, WebhookExpired)


@pytest.mark.parametrize("late", [-301, 301, 10**9])
def test_an_old_message_is_expired_although_its_signature_is_right(late):
    with pytest.raises(WebhookExpired, match=r"300 s are allowed"):
        verify(sent(), BODY, SECRET, now=NOW + late)


@pytest.mark.parametrize("late", [-300, 0, 300])
def test_a_message_of_these_minutes_is_not(late):
    assert verify(sent(), BODY, SECRET, now=NOW + late).id == "msg_7"


def test_who_allows_more_time_gets_it():
    assert verify(sent(), BODY, SECRET, now=NOW + 3_000, tolerance=3_600).id == "msg_7"


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_%%%", "wsk_no*secret"])
def test_a_secret_that_is_none_is_an_error_of_the_program(secret):
    with pytest.raises(UsageError, match="secret"):
        verify(sent(), BODY, secret, now=NOW)


def both_accept(headers, body, secret):
    """Return whether the client accepts it, and whether the library does."""
    client = library = False
    with suppress(WebhookRejected):
        client = verify(headers, body, secret).id == headers["webhook-id"]
    with suppress(WebhookVerificationError, ValueError):
        Webhook(secret).verify(body, headers)
        library = True
    return client, library


@pytest.mark.parametrize("late", [-600, -290, 0, 290, 600])
@pytest.mark.parametrize("secrets", [(SECRET,), (OTHER,), (OTHER, SECRET), ()])
@pytest.mark.parametrize("body", [BODY, BODY[:-1] + b" }"])
def test_the_library_of_the_standard_agrees(late, secrets, body):
    headers = signed_headers("msg_7", BODY, secrets, int(time.time()) - late)

    client, library = both_accept(headers, body, SECRET)

    assert client is library
    assert client is (abs(late) < 300 and SECRET in secrets and body == BODY)


def test_what_the_library_signs_is_accepted():
    now = time.time()
    when = datetime.fromtimestamp(now, UTC)
    signature = Webhook(SECRET).sign("msg_9", when, BODY.decode())
    headers = {
        "webhook-id": "msg_9",
        "webhook-timestamp": str(int(now)),
        "webhook-signature": signature,
    }

    assert verify(headers, BODY, SECRET).id == "msg_9"
