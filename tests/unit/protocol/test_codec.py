import json

import pytest

from spaces_protocol.codec import (
    UnreadableMessage,
    api_gateway_error,
    decode_gateway_message,
    decode_worker_message,
    encode,
)
from spaces_protocol.errors import HTTP_STATUS, ErrorType
from spaces_protocol.limits import MAX_MESSAGE_BYTES
from spaces_protocol.request_id import RequestId

NONCE = "AbC_-0123456789abcdefg"


@pytest.mark.parametrize(
    ("text", "error_type", "says"),
    [
        ("", "malformed_message", "one JSON object"),
        ("{", "malformed_message", "one JSON object"),
        ("[1]", "malformed_message", "one JSON object"),
        ("null", "malformed_message", "one JSON object"),
        ("\ud800", "malformed_message", "one JSON object"),
        (b"\xff\xfe", "malformed_message", "one JSON object"),
        ("{}", "unknown_action", '"action"'),
        ('{"action": 5}', "unknown_action", '"action"'),
        ('{"action": "launch"}', "unknown_action", "'launch'"),
        ('{"action": "register"}', "malformed_message", "spaces is missing"),
        ('{"action": "register", "session": "s", "spaces": []}', "malformed_message", "spaces"),
        (
            '{"action": "register", "session": "s", "spaces": ["ok\\n"]}',
            "malformed_message",
            "spaces[0]",
        ),
        (
            '{"action": "register", "session": "s", "spaces": ["a"], "capacity": "many"}',
            "malformed_message",
            "capacity",
        ),
        (
            '{"action": "progress", "request_id": "r", "attempt": 1, "percent": 101}',
            "malformed_message",
            "percent",
        ),
    ],
)
def test_a_bad_message_is_answered_with_what_is_wrong(text, error_type, says):
    with pytest.raises(UnreadableMessage) as refusal:
        decode_worker_message(text)

    assert refusal.value.error_type == error_type
    assert says in refusal.value.detail


def test_a_message_over_the_limit_is_not_even_parsed():
    text = json.dumps({"action": "ping", "x": "y" * MAX_MESSAGE_BYTES})

    with pytest.raises(UnreadableMessage) as refusal:
        decode_worker_message(text)

    assert refusal.value.error_type is ErrorType.MESSAGE_TOO_LARGE


def test_the_request_that_a_bad_message_speaks_of_is_named_in_the_error():
    with pytest.raises(UnreadableMessage) as refusal:
        decode_worker_message('{"action": "result", "request_id": "r1", "attempt": "one"}')

    assert refusal.value.request_id == "r1"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"message": "Forbidden", "connectionId":"V=", "requestId":"W="}', "Forbidden"),
        ('{"message": "Forbidden"}', None),
        ('{"message": "x", "connectionId": ""}', None),
        ('{"message": 7, "connectionId": "V="}', None),
        ("no JSON", None),
        ("[" * 100_000, None),
        (b"\xff", None),
    ],
)
def test_what_api_gateway_says_on_its_own_is_recognised(text, words):
    assert api_gateway_error(text) == words


def test_unknown_fields_are_ignored():
    message = decode_worker_message('{"action": "drain", "reason": "lunch"}')

    assert encode(message) == '{"action":"drain"}'


def test_gateway_messages_survive_the_way():
    text = '{"action":"cancel","request_id":"r","attempt":1,"reason":"timed_out"}'

    assert encode(decode_gateway_message(text)) == text


def test_every_error_type_has_a_status():
    assert set(HTTP_STATUS) == set(ErrorType)


def test_a_request_id_survives_the_way():
    request_id = RequestId("my-space", 12, NONCE)

    assert RequestId.parse(str(request_id)) == request_id


@pytest.mark.parametrize(
    "text",
    ["", "a.1", f"a.0.{NONCE}", f"A.1.{NONCE}", f"-a.1.{NONCE}", f"a.1.{NONCE}x", f"a.1.{NONCE}\n",
     f"a.01.{NONCE}", f"a.-1.{NONCE}", f"a.1.{NONCE[:-1]}/", f"a.{'9' * 13}.{NONCE}",
     f"a/../b.1.{NONCE}"],
)  # fmt: skip
def test_what_is_no_request_id_is_not_taken_for_one(text):
    assert RequestId.parse(text) is None
