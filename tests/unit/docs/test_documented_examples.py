import json
import re
from pathlib import Path

import msgspec
import pytest

from spaces_protocol.admin_bodies import SpaceSettings
from spaces_protocol.codec import decode_gateway_message, decode_worker_message, encode
from spaces_protocol.errors import HTTP_STATUS
from spaces_protocol.gateway_messages import AnyGatewayMessage
from spaces_protocol.rest_bodies import AcceptedRequest, ErrorBody, Submission
from spaces_protocol.webhook_bodies import WebhookPayload
from spaces_protocol.worker_messages import AnyWorkerMessage

DOCS = Path(__file__).parents[3] / "docs"
FROM_WORKER, FROM_GATEWAY = (DOCS / "protocol.md").read_text().split("## From the gateway")


def examples(text: str) -> list[str]:
    return re.findall(r"```json\n(.*?)```", text, re.DOTALL)


def actions(union) -> set[str]:
    return {kind.__struct_config__.tag for kind in union.__args__}


@pytest.mark.parametrize("example", examples(FROM_WORKER))
def test_each_example_of_a_worker_s_message_says_all_that_it_shows(example):
    message = decode_worker_message(example)

    assert set(json.loads(example)) - {"protocol"} <= set(json.loads(encode(message)))


@pytest.mark.parametrize("example", examples(FROM_GATEWAY))
def test_each_example_of_a_gateway_s_message_says_all_that_it_shows(example):
    message = decode_gateway_message(example)

    assert set(json.loads(example)) <= set(json.loads(encode(message)))


@pytest.mark.parametrize(
    ("text", "union"), [(FROM_WORKER, AnyWorkerMessage), (FROM_GATEWAY, AnyGatewayMessage)]
)
def test_every_action_has_an_example(text, union):
    assert {json.loads(example)["action"] for example in examples(text)} == actions(union)


def test_the_examples_of_the_rest_api_are_bodies_of_the_contract():
    accepted, submission, error, webhook = examples((DOCS / "api.md").read_text())

    msgspec.json.decode(accepted, type=AcceptedRequest)
    msgspec.json.decode(submission, type=Submission)
    msgspec.json.decode(error, type=ErrorBody)
    msgspec.json.decode(webhook, type=WebhookPayload)


def test_every_setting_of_a_space_is_documented():
    told_by_the_gateway = {"version", "cover_url", "created_at", "updated_at"}
    text = (DOCS / "api.md").read_text()

    settings = set(SpaceSettings.__struct_fields__) - told_by_the_gateway
    assert {name for name in settings if f"`{name}`" not in text} == set()


def test_documented_error_types_have_the_documented_status():
    rows = re.findall(r"^\| (\d{3}) \| (.+?) \|", (DOCS / "api.md").read_text(), re.MULTILINE)
    documented = {name: int(code) for code, names in rows for name in re.findall(r"`(\w+)`", names)}

    assert documented
    assert {name: HTTP_STATUS[name] for name in documented} == documented
