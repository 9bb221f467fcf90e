"""The in-memory store answers as DynamoDB does: the same calls, with the same faults, over moto."""

import random

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from tests.functional.conftest import _table
from tests.simulation import steps
from tests.simulation.actors import Program
from tests.simulation.calls import Answer, Item
from tests.simulation.dynamo import answer_table, keys_of
from tests.simulation.explore import walk
from tests.simulation.state import Faults
from tests.simulation.steps import World
from tests.simulation.worlds import begin

PATHS = 12
MANY = Faults(
    crash=2, lost=3, cut=1, kill=1, start=1, connect=4, resend=3, progress=4, cancel=2, poll=3,
    tick=6,
)  # fmt: skip
KEYS = {
    "spaces": ("space_id", "record"),
    "requests": ("space_id", "ticket"),
    "connections": ("connection_id",),
}


@pytest.fixture(scope="module")
def dynamodb():
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        patch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
        yield boto3.client("dynamodb")


@pytest.fixture
def tables(dynamodb):
    for name, keys in KEYS.items():
        _table(dynamodb, name, *keys)
    yield dynamodb
    for name in KEYS:
        dynamodb.delete_table(TableName=name)


@pytest.mark.parametrize("seed", range(PATHS))
def test_every_call_of_a_random_path_is_answered_alike(seed, tables, monkeypatch):
    calls = []

    def noting(items, call):
        after, answer = answer_table(items, call)
        calls.append((call, answer))
        return after, answer

    monkeypatch.setattr(steps, "answer_table", noting)
    world = World(Program(), disconnects=True)
    start = begin(world, submits=4, absent=("v",), keys=seed % 2 == 0, left=MANY)
    choose = random.Random(seed).randrange
    walk(world, start, choose, most_steps=120, futures=())

    answers = [_ask_moto(tables, call) for call, _ in calls]

    assert answers == [answer for _, answer in calls]
    assert any(answer.kind == "refused" for answer in answers)


def _ask_moto(client, call):
    try:
        told = getattr(client, call.name)(**call.arguments)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        return Answer("refused", _item(error.response.get("Item")))
    if call.name == "get_item":
        return Answer("got", _item(told.get("Item")))
    if call.name == "batch_get_item":
        return Answer("found", _found(call, told["Responses"]))
    if call.name == "put_item":
        return Answer("written", Item.of(call.arguments["Item"]))
    return Answer("written", _item(told.get("Attributes")))


def _found(call, responses):
    pairs = []
    for key in keys_of(call):
        names = KEYS[key[0]]
        item = next(
            (i for i in responses[key[0]] if [i[name]["S"] for name in names] == list(key[1:])),
            None,
        )
        pairs.append((key[0], _item(item)))
    return tuple(pairs)


def _item(value):
    """Return the one object for an item; DynamoDB gives attributes in any order."""
    return None if value is None else Item.of(value)
