from contextlib import suppress

import pytest

from spaces.domain.access.caller import Anonymous, Key, User
from spaces.domain.access.quota import CallerLimits, Quota
from spaces.domain.errors import RateLimited, UnknownSpace
from spaces.services.files.begin_upload import begin_upload
from spaces.services.ports.access_stores import VersionedQuota
from spaces.services.workers.commit_result import commit_result
from spaces_protocol.rest_bodies import NewUpload
from tests.functional.gateway.world import answer_to

ULLA = User("sub-1", "ulla")
FEW = CallerLimits(requests_per_minute=2)
FEW_WAITING = CallerLimits(max_waiting=2)


def key(limits, *spaces):
    return Key("k1", "script", frozenset(spaces or ["echo"]), limits)


def quota_items(dynamodb):
    items = dynamodb.scan(TableName="spaces")["Items"]
    return [item for item in items if item["space_id"]["S"].startswith("#quota#")]


@pytest.mark.parametrize(
    ("setting", "caller", "other"),
    [
        ("user_limits", ULLA, User("sub-2", "udo")),
        ("anonymous_limits", Anonymous("a1"), Anonymous("a2")),
    ],
)
def test_each_person_and_each_address_has_limits_of_its_own(world, setting, caller, other):
    world.create_space("lab", **{setting: FEW})
    world.submit(space="lab", caller=caller)
    world.submit(space="lab", caller=caller)

    with pytest.raises(RateLimited, match="2 requests per minute"):
        world.submit(space="lab", caller=caller)

    world.submit(space="lab", caller=other)
    world.create_space("second", **{setting: FEW})
    world.submit(space="second", caller=caller)
    world.clock.pass_seconds(60)
    world.submit(space="lab", caller=caller)


def test_a_key_is_held_to_its_own_limits_in_all_its_spaces_together(world):
    world.create_space("second")
    caller = key(FEW, "echo", "second")
    world.submit(caller=caller)
    world.submit(space="second", caller=caller)

    with pytest.raises(RateLimited):
        world.submit(caller=caller)


def test_a_refusal_that_can_be_foreseen_takes_no_ticket(world):
    for _ in range(2):
        world.submit(caller=key(FEW))

    with pytest.raises(RateLimited):
        world.submit(caller=key(FEW))

    assert world.queue().tail == 2


def test_what_has_started_waits_no_more_without_any_write_at_its_end(world):
    caller = key(FEW_WAITING)
    world.submit(caller=caller)
    world.submit(caller=caller)
    with pytest.raises(RateLimited, match="already waiting"):
        world.submit(caller=caller)

    worker = world.join()
    world.submit(caller=caller)
    commit_result(world.gateway, worker, answer_to(world.handed(worker)[0]))
    world.submit(caller=caller)


def test_a_key_s_requests_in_another_space_are_looked_at_when_it_matters(world):
    world.create_space("second")
    caller = key(FEW_WAITING, "echo", "second")
    world.submit(space="second", caller=caller)
    world.submit(space="second", caller=caller)
    with pytest.raises(RateLimited):
        world.submit(caller=caller)

    world.join("w2", "second", capacity=2)

    world.submit(caller=caller)


def test_of_many_at_once_no_more_are_let_through_and_the_refused_leave_holes(world):
    """All of them saw the same quota before any had counted."""
    caller = key(FEW)
    worker = world.join(capacity=10)
    world.gateway.quotas.read = lambda scope: VersionedQuota(Quota())
    outcomes = []
    for _ in range(5):
        try:
            world.submit(caller=caller)
            outcomes.append("accepted")
        except RateLimited:
            outcomes.append("refused")

    assert outcomes == ["accepted"] * 2 + ["refused"] * 3
    assert len(world.handed(worker)) == 2
    assert world.queue().waiting == 0


def test_submits_that_overtake_one_another_do_not_exceed_what_may_wait(world):
    """Of each two, the one with the lower ticket is charged last, by the queue as it saw it."""
    caller, issue = key(CallerLimits(max_waiting=5)), world.gateway.spaces.issue_ticket

    def overtaken(space_id, rate=None):
        world.gateway.spaces.issue_ticket = issue
        queue = issue(space_id, rate)
        world.submit(caller=caller)
        return queue

    for _ in range(10):
        world.gateway.spaces.issue_ticket = overtaken
        with suppress(RateLimited):
            world.submit(caller=caller)

    assert world.queue().waiting == 5
    assert world.gateway.quotas.read("key#k1").quota.waits() == 5


def test_an_accepted_request_counts_once_whoever_repeats_it(world, dynamodb):
    for _ in range(5):
        world.submit(caller=key(FEW), idempotency_key="same")

    world.submit(caller=key(FEW))
    assert len(quota_items(dynamodb)) == 1
    with pytest.raises(RateLimited):
        world.submit(caller=key(FEW))


def test_a_count_whose_answer_got_lost_counts_once(world):
    """boto3 repeats the write; the second one fails on the first one's trace."""
    store = world.gateway.quotas
    put = store._client.put_item

    class Twice:
        def __getattr__(self, name):
            return getattr(world_client, name)

        def put_item(self, **asked):
            put(**asked)
            return put(**asked)

    world_client = store._client
    store._client = Twice()

    world.submit(caller=key(FEW))
    world.submit(caller=key(FEW))

    with pytest.raises(RateLimited):
        world.submit(caller=key(FEW))


def test_a_space_takes_so_many_a_minute_from_everybody(world):
    world.create_space("lab", requests_per_minute=3)
    for number in range(3):
        world.submit(space="lab", caller=Anonymous(f"a{number}"))

    with pytest.raises(RateLimited, match="3 requests per minute in total") as refusal:
        world.submit(space="lab", caller=Anonymous("a9"))

    assert world.queue("lab").tail == 3
    world.clock.pass_seconds(refusal.value.retry_after_seconds)
    world.submit(space="lab", caller=Anonymous("a9"))
    assert world.queue("lab").tail == 4


def test_the_space_s_rate_is_for_callers_without_limits_of_their_own_too(world, dynamodb):
    world.create_space("lab", requests_per_minute=1)
    world.submit(space="lab", caller=key(CallerLimits(), "lab"))

    with pytest.raises(RateLimited):
        world.submit(space="lab", caller=key(CallerLimits(), "lab"))

    assert quota_items(dynamodb) == []


def test_the_space_s_rate_holds_though_what_was_read_is_old(world):
    world.create_space("lab", requests_per_minute=2)
    old = world.gateway.spaces.load("lab")
    world.gateway.spaces.load = lambda space_id: old

    for _ in range(2):
        world.submit(space="lab", caller=Anonymous("a"))

    with pytest.raises(RateLimited):
        world.submit(space="lab", caller=Anonymous("a"))


def test_uploads_are_counted_by_their_bytes(world):
    limits = CallerLimits(upload_bytes_per_day=100)
    world.create_space("files", features=("prompt", "file"), user_limits=limits)

    def begin(size):
        upload = NewUpload(space="files", name="a.bin", size=size)
        return begin_upload(world.gateway, upload, ULLA)

    begin(60)
    begin(40)
    with pytest.raises(RateLimited, match="100 bytes a day"):
        begin(1)
    world.clock.pass_seconds(24 * 3600)
    begin(100)


def test_nobody_finds_another_s_request_by_its_idempotency_key(world):
    mine = world.submit("same", idempotency_key="order-1", caller=ULLA)
    other = world.submit("same", idempotency_key="order-1", caller=User("sub-2", "udo"))
    nobody = world.submit("same", idempotency_key="order-1", caller=Anonymous("a"))

    assert len({a.request.request_id for a in (mine, other, nobody)}) == 3


def test_a_space_that_one_may_not_use_is_as_good_as_none(world):
    world.create_space("secret", visibility="private")

    with pytest.raises(UnknownSpace) as hidden:
        world.submit(space="secret", caller=ULLA)
    with pytest.raises(UnknownSpace) as missing:
        world.submit(space="nosuch", caller=ULLA)

    assert hidden.value.detail.replace("secret", "nosuch") == missing.value.detail
    assert world.queue("secret").tail == 0
