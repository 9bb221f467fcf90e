"""What the @connections API answers, through boto3's parser; see tests/golden/README.md."""

from datetime import UTC, datetime

import boto3
import pytest
from botocore.config import Config

from spaces.adapters.sockets import ConnectionsApi
from spaces.services.ports.gateway import ConnectionStatusUnknown, PostOutcome
from spaces_protocol.gateway_messages import Check
from tests.golden_files import client_answered_with

GONE = [
    "connection_gone",
    "connection_gone_without_type",
    "connection_unknown",
    "connection_unknown_unparsable",
]
UNKNOWN = [
    "connection_not_permitted",
    "connection_not_permitted_forbidden",
    "connection_token_expired",
    "connection_throttled",
    "connection_bad_id",
    "connection_message_too_large",
]


class Answered:
    """The adapter over a client that always gets the same response."""

    def __init__(self, client):
        self.events = []
        self.sockets = ConnectionsApi(
            lambda: client, lambda event, **fields: self.events.append((event, fields))
        )


@pytest.fixture
def answered():
    opened = []

    def open_one(name):
        context = client_answered_with("apigatewaymanagementapi", name)
        opened.append(context)
        return Answered(context.__enter__())

    yield open_one
    for context in opened:
        context.__exit__(None, None, None)


def test_last_activity_is_read_from_the_shape_that_aws_documents(answered):
    wanted = datetime(2027, 1, 15, 8, 4, 59, 456_000, tzinfo=UTC)

    assert answered("connection").sockets.last_active("c") == wanted.timestamp() * 1000


def test_answer_without_last_activity_counts_as_alive(answered):
    far = answered("connection_of_the_emulator").sockets.last_active("c")

    assert far > datetime(2200, 1, 1, tzinfo=UTC).timestamp() * 1000


@pytest.mark.parametrize("name", GONE)
def test_connection_is_gone(answered, name):
    sockets = answered(name).sockets

    assert sockets.post("c", Check()) is PostOutcome.GONE
    assert sockets.close("c") is True
    assert sockets.last_active("c") is None


@pytest.mark.parametrize("name", UNKNOWN)
def test_failure_says_nothing_about_the_connection(answered, name):
    sockets = answered(name).sockets

    assert sockets.post("c", Check()) is PostOutcome.UNAVAILABLE
    assert sockets.close("c") is False
    with pytest.raises(ConnectionStatusUnknown):
        sockets.last_active("c")


@pytest.mark.parametrize("name", [*GONE[2:], *UNKNOWN])
def test_what_may_be_a_fault_of_the_stage_is_logged(answered, name):
    adapter = answered(name)

    adapter.sockets.post("c", Check())

    ((event, fields),) = adapter.events
    assert event == "connection_refused"
    assert fields["connection_id"] == "c"
    assert fields["code"]


@pytest.mark.parametrize("name", GONE[:2])
def test_usual_end_of_a_connection_is_not_logged(answered, name):
    adapter = answered(name)

    adapter.sockets.post("c", Check())

    assert not adapter.events


def test_no_answer_says_nothing_about_the_connection():
    client = boto3.client(
        "apigatewaymanagementapi",
        endpoint_url="http://127.0.0.1:1",  # nobody listens
        region_name="eu-central-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        config=Config(retries={"total_max_attempts": 1}, proxies={}),
    )
    sockets = ConnectionsApi(lambda: client)

    assert sockets.post("c", Check()) is PostOutcome.UNAVAILABLE
    assert sockets.close("c") is False
    with pytest.raises(ConnectionStatusUnknown):
        sockets.last_active("c")
