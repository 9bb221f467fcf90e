"""What the client reads is what the gateway sends: the types are its own, the contract is shared.

The client's wheel does not carry `spaces_protocol`, as the worker's does: two wheels that own the
same files break each other.
"""

import types
import typing
from datetime import datetime

import msgspec
import pytest

from spaces_client import _types as client
from spaces_client import webhooks
from spaces_protocol import rest_bodies, stream_events, webhook_bodies, worker_messages

PAIRS = [
    (client.Space, rest_bodies.SpaceView),
    (client.SpaceLimits, rest_bodies.SpaceLimits),
    (client.SpaceList, rest_bodies.SpaceList),
    (client.FileRules, rest_bodies.FileRules),
    (client.Progress, rest_bodies.ProgressView),
    (client.Times, rest_bodies.RequestTimes),
    (client.Chunk, rest_bodies.ChunkView),
    (client.Partial, rest_bodies.Partial),
    (client.Accepted, rest_bodies.AcceptedRequest),
    (client.Status, rest_bodies.RequestStatus),
    (client.FileView, rest_bodies.FileView),
    (client.Output, rest_bodies.OutputView),
    (client.Usage, worker_messages.Usage),
    (client.Metrics, rest_bodies.Metrics),
    (client.StoredResult, rest_bodies.RequestResult),
    (client.HistoryEntry, rest_bodies.HistoryEntry),
    (client.HistoryList, rest_bodies.HistoryList),
    (client.Part, rest_bodies.PartAddress),
    (client.Multipart, rest_bodies.MultipartUpload),
    (client.UploadAddress, rest_bodies.UploadAddress),
    (client.StreamedText, stream_events.StreamedDeltas),
    (client.StreamEnd, stream_events.StreamEnd),
    (client.WebhookSecret, webhook_bodies.WebhookSecret),
    (webhooks.WebhookRequest, webhook_bodies.WebhookData),
    (webhooks.WebhookMessage, webhook_bodies.WebhookPayload),
]
NAMES = dict(PAIRS)
IN_A_HEADER = {(webhooks.WebhookMessage, "id")}


def kind(annotation):
    """Return a type without what only the sender checks: limits, and which texts there are."""
    if typing.get_origin(annotation) is typing.Annotated:
        return kind(typing.get_args(annotation)[0])
    if typing.get_origin(annotation) is typing.Literal:
        return str
    if isinstance(annotation, type) and issubclass(annotation, str):
        return str
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return frozenset(kind(each) for each in typing.get_args(annotation))
    if typing.get_origin(annotation) in (list, dict):
        return (typing.get_origin(annotation), *map(kind, typing.get_args(annotation)))
    return NAMES.get(annotation, annotation)


def kinds(struct):
    return {
        name: kind(each)
        for name, each in typing.get_type_hints(struct, include_extras=True).items()
    }


@pytest.mark.parametrize(("mine", "sent"), PAIRS, ids=[mine.__name__ for mine, _ in PAIRS])
def test_every_field_is_sent_and_has_the_type_that_is_read(mine, sent):
    read, written = kinds(mine), kinds(sent)
    read = {name: each for name, each in read.items() if (mine, name) not in IN_A_HEADER}
    wider = {name for name in read if read[name] == frozenset({written.get(name), type(None)})}

    assert {name: each for name, each in read.items() if name not in wider} == {
        name: written.get(name) for name in read if name not in wider
    }


@pytest.mark.parametrize(("mine", "sent"), PAIRS, ids=[mine.__name__ for mine, _ in PAIRS])
def test_a_field_that_may_be_absent_may_be_absent_here(mine, sent):
    optional = {each.name for each in msgspec.structs.fields(sent) if not each.required}
    needed = {each.name for each in msgspec.structs.fields(mine) if each.required}

    assert needed & optional == set()


def test_every_type_that_is_decoded_is_compared():
    own = {
        each
        for each in vars(client).values()
        if isinstance(each, type)
        and issubclass(each, msgspec.Struct)
        and each is not msgspec.Struct
    }

    assert own - {mine for mine, _ in PAIRS} == {client.ErrorBody}


def test_what_a_newer_gateway_says_is_read():
    status = {
        "request_id": "a",
        "space": "b",
        "status": "PONDERING",
        "queue_reason": "full_moon",
        "mood": 1,
        "times": {"created_at": "2026-11-22T10:00:00Z", "thought_at": None},
    }

    read = msgspec.convert(status, client.Status)

    assert (read.status, read.queue_reason) == ("PONDERING", "full_moon")
    assert isinstance(read.times.created_at, datetime)
