"""The tables of these tests keep DynamoDB's promise that a conditional write is all or nothing."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

KEY = {"connection_id": {"S": "x"}}


@pytest.fixture
def eager_threads():
    """Let threads take turns very often."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("eager_threads")
def test_each_swap_that_succeeds_is_kept(aws):
    dynamodb, _ = aws
    dynamodb.put_item(TableName="connections", Item={**KEY, "v": {"N": "0"}})

    def read():
        found = dynamodb.get_item(TableName="connections", Key=KEY, ConsistentRead=True)
        return found["Item"]["v"]["N"]

    def swap(_):
        seen = read()
        try:
            dynamodb.put_item(
                TableName="connections",
                Item={**KEY, "v": {"N": str(int(seen) + 1)}},
                ConditionExpression="v = :seen",
                ExpressionAttributeValues={":seen": {"N": seen}},
            )
        except ClientError:
            return 0
        return 1

    with ThreadPoolExecutor(6) as pool:
        swapped = sum(pool.map(swap, range(240)))

    assert int(read()) == swapped > 0
