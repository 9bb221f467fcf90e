import pytest

from spaces.domain.access.caller import Anonymous, Key, User
from spaces.domain.access.quota import CallerLimits
from spaces.domain.errors import (
    NotAllowed,
    RequestExpired,
    RequestNotFound,
    SpaceDisabled,
    StillRunning,
)
from spaces.services.administration.edit_space import edit_space
from spaces.services.requests.cancel_request import cancel_request
from spaces.services.requests.delete_request import delete_request
from spaces.services.requests.list_history import list_history
from spaces.services.requests.view_request import request_status
from spaces.services.workers.commit_result import commit_result
from spaces_protocol.request_id import RequestId
from tests.functional.gateway.world import answer_to

ULLA, UDO = User("sub-1", "ulla"), User("sub-2", "udo")
SCRIPT = Key("k1", "", frozenset({"echo"}), CallerLimits())
NOBODY = Anonymous("a")


def prompts(world, user=ULLA, **options):
    return [entry.prompt for entry in list_history(world.gateway, user, **options).requests]


def finished(world, caller, prompt="hello", text="done"):
    worker = world.join()
    accepted = world.submit(prompt, caller=caller)
    commit_result(world.gateway, worker, answer_to(world.handed(worker)[0], text))
    return accepted.request.request_id


def test_everybody_sees_their_own_requests_and_no_others(world):
    for number, caller in enumerate((ULLA, UDO, NOBODY, SCRIPT, ULLA)):
        world.clock.pass_seconds(1)
        world.submit(f"prompt {number}", caller=caller)

    assert prompts(world) == ["prompt 4", "prompt 0"]
    assert prompts(world, UDO) == ["prompt 1"]
    assert prompts(world, User("sub-3", "ulla")) == []


def test_history_is_searched_by_space_and_words(world):
    world.create_space("second")
    world.submit("Tell me about Bears", caller=ULLA)
    world.submit("tell me about birds", space="second", caller=ULLA)

    assert prompts(world, words="BEARS") == ["Tell me about Bears"]
    assert prompts(world, space_id="second") == ["tell me about birds"]


def test_of_a_long_prompt_the_beginning_is_kept(world):
    world.submit("".join(f"{n:x} " for n in range(4_000)), caller=ULLA)

    (shown,) = prompts(world)

    assert len(shown) == 200
    assert shown.startswith("0 1 2 3")


def test_a_long_history_comes_in_pages(world):
    for number in range(60):
        world.clock.pass_seconds(2)
        world.submit(f"prompt {number}", caller=ULLA)

    first = list_history(world.gateway, ULLA)
    second = list_history(world.gateway, ULLA, cursor=first.next_cursor)

    seen = [entry.prompt for entry in (*first.requests, *second.requests)]
    assert seen == [f"prompt {number}" for number in range(59, -1, -1)]


def test_a_deleted_request_is_gone_with_all_that_lay_beside_it(world, aws):
    dynamodb, s3 = aws
    long = "".join(f"{n:x}word " for n in range(2_000))
    request_id = finished(world, ULLA, long, "".join(f"{n:x}" for n in range(90_000)))
    assert s3.list_objects_v2(Bucket="files")["KeyCount"] == 1

    delete_request(world.gateway, request_id, ULLA)

    (tombstone,) = dynamodb.scan(TableName="requests")["Items"]
    assert set(tombstone) == {"space_id", "ticket", "tombstone", "expires_at"}
    assert s3.list_objects_v2(Bucket="files")["KeyCount"] == 0
    assert prompts(world) == []
    with pytest.raises(RequestExpired):
        request_status(world.gateway, request_id)


@pytest.mark.parametrize(
    ("owner", "caller"),
    [(ULLA, UDO), (ULLA, NOBODY), (SCRIPT, ULLA), (ULLA, SCRIPT)],
)
def test_nobody_deletes_what_is_another_s(world, owner, caller):
    request_id = finished(world, owner)

    with pytest.raises(NotAllowed):
        delete_request(world.gateway, request_id, caller)

    request_status(world.gateway, request_id)


@pytest.mark.parametrize("caller", [NOBODY, Anonymous("elsewhere"), ULLA, SCRIPT])
def test_what_is_nobody_s_is_deleted_by_whoever_holds_its_id(world, caller):
    request_id = finished(world, NOBODY)

    delete_request(world.gateway, request_id, caller)

    with pytest.raises(RequestNotFound):
        delete_request(world.gateway, request_id, caller)


@pytest.mark.parametrize("owner", [ULLA, SCRIPT, NOBODY])
def test_who_submitted_may_delete_after_the_end(world, owner):
    running = world.submit(caller=owner).request.request_id
    with pytest.raises(StillRunning, match="Cancel it before"):
        delete_request(world.gateway, running, owner)
    request_id = finished(world, owner)

    delete_request(world.gateway, running, owner)

    with pytest.raises(RequestNotFound):
        delete_request(world.gateway, running, owner)
    with pytest.raises(RequestNotFound):
        delete_request(world.gateway, RequestId("echo", 1, "A" * 22), owner)
    assert request_id.ticket == 2


def test_a_submit_repeated_after_its_request_was_deleted_is_a_new_request(world):
    """Under the old ticket nobody would ever serve it."""
    worker = world.join()
    first = world.submit(caller=ULLA, idempotency_key="once").request.request_id
    commit_result(world.gateway, worker, answer_to(world.handed(worker)[0]))
    delete_request(world.gateway, first, ULLA)

    again = world.submit(caller=ULLA, idempotency_key="once").request.request_id

    assert [request.request_id for request in world.handed(worker)] == [str(first), str(again)]
    assert again.ticket == 2


def test_a_repeated_submit_that_needs_a_new_ticket_is_held_to_the_space_s_rules(world):
    worker = world.join()
    first = world.submit(caller=ULLA, idempotency_key="once").request.request_id
    commit_result(world.gateway, worker, answer_to(world.handed(worker)[0]))
    delete_request(world.gateway, first, ULLA)
    edit_space(world.gateway, "echo", {"version": 1, "disabled": True}, "ada")

    with pytest.raises(SpaceDisabled):
        world.submit(caller=ULLA, idempotency_key="once")


@pytest.mark.parametrize("visibility", ["members", "private"])
def test_an_id_whose_request_is_gone_tells_nothing_of_a_space_that_is_not_open(world, visibility):
    world.create_space("secret", visibility=visibility)
    request_id = world.submit(space="secret").request.request_id
    cancel_request(world.gateway, request_id)
    delete_request(world.gateway, request_id, NOBODY)
    world.gateway.spaces.issue_ticket("secret")

    told = []
    for guess in (request_id, RequestId("secret", 2, "A" * 22), RequestId("nosuch", 1, "A" * 22)):
        with pytest.raises(RequestNotFound) as refusal:
            request_status(world.gateway, guess)
        told.append(refusal.value.detail)

    assert len(set(told)) == 1


def test_a_wrong_id_is_looked_up_as_often_as_a_missing_one(world):
    """Otherwise the time that it takes would tell which tickets there are."""
    world.create_space("secret", visibility="private")
    world.submit(space="secret")
    looks = []
    for name in ("read_with_queue", "definition"):
        store = world.gateway.requests if name == "read_with_queue" else world.gateway.spaces
        real = getattr(store, name)
        setattr(store, name, lambda *a, r=real, n=name, **k: looks.append(n) or r(*a, **k))

    counts = []
    for space, ticket in (("secret", 1), ("secret", 2), ("nosuch", 1)):
        looks.clear()
        with pytest.raises(RequestNotFound):
            request_status(world.gateway, RequestId(space, ticket, "A" * 22))
        counts.append(list(looks))

    assert counts[0] == counts[1] == counts[2]
