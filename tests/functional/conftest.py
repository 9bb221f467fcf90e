"""Fixtures: moto's DynamoDB and S3, with the three tables and the files bucket."""

import boto3
import pytest
from botocore.config import Config
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID

from spaces import schema
from tests.functional.gateway.world import build_world
from tests.functional.moto_world import empty, one_call_at_a_time, plain_attribute_values

REGION = "eu-central-1"


def _table(client, name, partition, sort=None, index=None):
    keys = [partition, *([sort] if sort else [])]
    names = dict.fromkeys([*keys, *(index[1:] if index else [])])
    definition = {
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": _key_schema(*keys),
        "AttributeDefinitions": [{"AttributeName": n, "AttributeType": "S"} for n in names],
    }
    if index:
        definition["GlobalSecondaryIndexes"] = [
            {
                "IndexName": index[0],
                "KeySchema": _key_schema(*index[1:]),
                "Projection": {"ProjectionType": "ALL"},
            }
        ]
    client.create_table(**definition)


def _key_schema(*names):
    kinds = ("HASH", "RANGE")
    return [{"AttributeName": n, "KeyType": kind} for n, kind in zip(names, kinds, strict=False)]


@pytest.fixture(scope="session")
def boto3_session():
    """A session for all modules: it reads the long descriptions of the services once."""
    return boto3.Session("testing", "testing", region_name=REGION)


@pytest.fixture(scope="session")
def boto3_clients(boto3_session):
    """Clients for all modules: to make them takes longer than most tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        # botocore would put its own name together again for each call.
        config = Config(user_agent="tests")
        return [boto3_session.client(name, config=config) for name in ("dynamodb", "s3")]


@pytest.fixture(scope="module")
def clients(boto3_session, boto3_clients):
    with (
        pytest.MonkeyPatch.context() as patch,
        mock_aws(),
        plain_attribute_values(),
        one_call_at_a_time(),
    ):
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        # The default session remembers its first credentials; tests of other kinds have others.
        patch.setattr(boto3, "DEFAULT_SESSION", boto3_session)
        patch.setenv("AWS_DEFAULT_REGION", REGION)
        _make_tables(*boto3_clients)
        yield boto3_clients


def _make_tables(dynamodb, s3):
    public = (schema.PUBLIC_SPACES_INDEX, schema.LISTED, schema.SPACE_ID)
    owner = (schema.REQUESTS_BY_OWNER_INDEX, schema.OWNER, schema.CREATED_AT)
    _table(dynamodb, "spaces", schema.SPACE_ID, schema.RECORD, public)
    _table(dynamodb, "connections", schema.CONNECTION_ID)
    _table(dynamodb, "requests", schema.SPACE_ID, schema.TICKET, owner)
    s3.create_bucket(Bucket="files", CreateBucketConfiguration={"LocationConstraint": REGION})


@pytest.fixture
def aws(clients):
    yield clients
    empty(DEFAULT_ACCOUNT_ID, REGION)


@pytest.fixture
def dynamodb(aws):
    return aws[0]


@pytest.fixture
def world(aws):
    built = build_world(*aws)
    built.create_space()
    return built
