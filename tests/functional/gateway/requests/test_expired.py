"""Items that have expired, although DynamoDB has not deleted them yet, and payloads gone first."""

from secrets import token_urlsafe

import pytest

from spaces.domain.access.caller import User
from spaces.domain.access.quota import CallerLimits, Quota
from spaces.domain.errors import IdempotencyKeyReused, RequestExpired, RequestNotFound
from spaces.services.dispatch.change_queue import read_queue
from spaces.services.ports.access_stores import AuditEntry, VersionedQuota
from spaces.services.ports.chunk_store import ChunkContent, StreamedChunk
from spaces.services.ports.gateway import Sender
from spaces.services.requests.cancel_request import cancel_request
from spaces.services.requests.delete_request import delete_request
from spaces.services.requests.view_request import request_status
from spaces.services.requests.view_result import request_result
from spaces.services.workers.commit_result import commit_result
from spaces_protocol.rest_bodies import RequestState
from tests.functional.gateway.world import answer_to

DAY = 24 * 3600
ULLA = User("sub-1", "ulla", frozenset())


def finished(world, text="done", **options):
    sender = world.join("w1")
    accepted = world.submit(**options)
    commit_result(world.gateway, sender, answer_to(world.handed(sender)[-1], text))
    return accepted.request


def table_keys(client, table):
    return [
        {k: v for k, v in item.items() if k in ("space_id", "ticket")}
        for item in client.scan(TableName=table)["Items"]
    ]


def test_expired_request_is_gone_on_every_read(world):
    request = finished(world, caller=ULLA)
    rid = request.request_id
    world.clock.pass_seconds(7 * DAY)

    for read in (request_status, request_result, cancel_request):
        with pytest.raises(RequestExpired):
            read(world.gateway, rid)
    with pytest.raises(RequestNotFound):
        delete_request(world.gateway, rid, ULLA)
    assert world.gateway.requests.read("echo", request.ticket) is None
    assert world.gateway.requests.read_answer(rid) is None
    assert world.gateway.requests.read_with_queue(rid)[0] is None
    assert world.gateway.history.read_many("echo", [request.ticket]).requests == []
    assert world.gateway.history.of_owner(request.owner, None).requests == []
    assert world.gateway.history.files_beside(request) == []


def test_request_is_kept_until_it_expires(world):
    request = finished(world, caller=ULLA)
    world.clock.pass_seconds(7 * DAY - 2)

    assert request_result(world.gateway, request.request_id).output.text == "done"
    assert world.gateway.history.of_owner(request.owner, None).requests


def test_tombstone_takes_the_place_of_an_expired_request(world):
    request = finished(world)
    world.clock.pass_seconds(7 * DAY)

    assert world.gateway.requests.bury("echo", request.ticket, world.clock()) is None
    assert world.gateway.requests.read("echo", request.ticket) is not None


def test_expired_idempotency_key_is_new_again(world):
    first = world.submit("one", idempotency_key="k")
    with pytest.raises(IdempotencyKeyReused):
        world.submit("two", idempotency_key="k")
    world.clock.pass_seconds(DAY)

    again = world.submit("two", idempotency_key="k")
    repeated = world.submit("two", idempotency_key="k")

    assert again.request.ticket != first.request.ticket
    assert repeated.request.ticket == again.request.ticket


def test_expired_connection_is_not_listed_and_not_found(world):
    sender = Sender("c1", world.clock(), "w1", "t1", frozenset({"echo"}))
    world.gateway.connections.open(sender, now=world.clock())
    assert world.gateway.connections.find("c1")
    assert world.gateway.connections.list()
    world.clock.pass_seconds(3 * 3600)

    assert world.gateway.connections.find("c1") is None
    assert world.gateway.connections.list() == []


def test_expired_quota_starts_anew_and_can_be_written(world):
    limits = CallerLimits(max_waiting=1)
    used = Quota(waiting={"other": (1,)})
    assert limits.max_waiting == used.waits()
    world.gateway.quotas.swap("caller", VersionedQuota(Quota()), used, now=world.clock())
    world.clock.pass_seconds(2 * DAY)

    found = world.gateway.quotas.read("caller")
    world.gateway.quotas.swap("caller", found, Quota(count=7), now=world.clock())

    assert found == VersionedQuota(Quota())
    assert world.gateway.quotas.read("caller").quota.count == 7


def test_expired_chunks_are_neither_read_nor_in_the_way(world):
    request_id = world.submit().request.request_id
    chunks = world.gateway.chunks
    chunks.store(StreamedChunk(request_id, 1, 0, ChunkContent("old")), now=world.clock())
    assert chunks.read(request_id, 1, [0]) == {0: ChunkContent("old")}
    world.clock.pass_seconds(DAY)

    assert chunks.read(request_id, 1, [0]) == {}
    chunks.store(StreamedChunk(request_id, 1, 0, ChunkContent("new")), now=world.clock())
    assert chunks.read(request_id, 1, [0]) == {0: ChunkContent("new")}


def test_expired_audit_entries_are_not_shown(world):
    entry = AuditEntry(at=world.clock(), who="ada", action="a", target="t")
    world.gateway.audit.write(entry, "id")
    assert world.gateway.audit.page(None, world.clock()).entries
    world.clock.pass_seconds(401 * DAY)

    assert world.gateway.audit.page("2027-01", world.clock()).entries == []


@pytest.fixture(params=["NoSuchKey", "AccessDenied"])
def s3_without(request, world, monkeypatch):
    """S3 that has lost what it stored: with and without the permission to list the bucket."""
    from botocore.exceptions import ClientError  # noqa: PLC0415

    def lose(*_args, **_options):
        raise ClientError({"Error": {"Code": request.param, "Message": "…"}}, "GetObject")

    def forget():
        client = world.gateway.files._client()
        monkeypatch.setattr(client, "get_object", lose)

    return forget


def test_result_that_s3_expired_first_is_no_longer_stored(world, s3_without):
    request = finished(world, token_urlsafe(84_000))
    assert request_result(world.gateway, request.request_id).output.text
    s3_without()

    with pytest.raises(RequestExpired, match="no longer stored"):
        request_result(world.gateway, request.request_id)

    assert request_status(world.gateway, request.request_id).status is RequestState.COMPLETED
    assert ("result_incomplete", {"request_id": str(request.request_id)}) in world.events


def test_request_whose_result_is_gone_can_be_deleted(world, s3_without):
    request = finished(world, token_urlsafe(84_000))
    s3_without()

    delete_request(world.gateway, request.request_id, ULLA)

    with pytest.raises(RequestExpired):
        request_status(world.gateway, request.request_id)


def test_request_whose_input_is_gone_fails_and_the_next_one_runs(world, dynamodb):
    accepted = world.submit(token_urlsafe(3_000))
    following = world.submit("short")
    (part,) = [
        key["ticket"]["S"]
        for key in table_keys(dynamodb, "requests")
        if "input" in key["ticket"]["S"]
    ]
    dynamodb.delete_item(
        TableName="requests", Key={"space_id": {"S": "echo"}, "ticket": {"S": part}}
    )

    sender = world.join("w1")

    ending = world.gateway.requests.read("echo", accepted.request.ticket).ending
    assert ending.state is RequestState.FAILED
    assert "no longer stored" in ending.error
    assert [each.input.prompt for each in world.handed(sender)] == ["short"]
    assert read_queue(world.gateway, "echo").running.keys() == {following.request.ticket}
