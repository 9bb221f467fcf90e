"""A space that gets the name of a deleted one has nothing of it."""

import pytest
from msgspec.structs import replace

from spaces.domain.access.caller import User
from spaces.domain.errors import Unauthorized, UnknownSpace
from spaces.services.access.find_space import find_space
from spaces.services.access.identify_key import identify_key
from spaces.services.administration import cancel_unfinished, credentials
from spaces.services.administration.audited import view_audit
from spaces.services.administration.delete_space import delete_space
from spaces.services.ports.declaration_store import Declaration
from spaces.services.spaces.view_space import view_space
from spaces.services.workers.open_connection import identify_worker
from spaces_protocol.gateway_messages import Registered
from tests.functional.access.support.credentials import link, new_key, new_token
from tests.functional.access.support.spaces import create, delete

SCHEMA = {"type": "object", "properties": {"tone": {"type": "string"}}}


def scopes(world):
    listed = credentials.list_tokens(world.gateway).tokens
    return {token.token_id: (token.state, token.spaces) for token in listed}


def test_tokens_and_keys_of_a_deleted_space_open_no_later_one(world):
    create(world)
    token, key = new_token(world, "lab"), new_key(world, "lab")
    old = credentials.rotate_token(world.gateway, token.token_id, 24, "ada", "wss://x")

    delete(world)
    create(world)

    for secret in (token.token, old.token):
        with pytest.raises(Unauthorized):
            identify_worker(world.gateway, token=secret, worker_id="gpu-1")
    with pytest.raises(Unauthorized):
        identify_key(world.gateway, key.key)
    assert scopes(world)[token.token_id][0] == "revoked"


def test_a_token_for_other_spaces_too_goes_on_for_them_and_after_a_rotation_as_well(world):
    create(world)
    token, key = new_token(world, "lab", "echo"), new_key(world, "lab", "echo")
    other = new_token(world, "echo")

    delete(world)
    create(world)
    rotated = credentials.rotate_token(world.gateway, token.token_id, 24, "ada", "wss://x")

    assert scopes(world)[token.token_id] == ("rotating", ["echo"])
    assert scopes(world)[other.token_id] == ("active", ["echo"])
    assert identify_key(world.gateway, key.key).spaces == {"echo"}
    for secret in (token.token, rotated.token):
        identity = identify_worker(world.gateway, token=secret, worker_id="gpu-1")
        assert identity.token.spaces == {"echo"}


def test_a_link_of_before_the_deletion_gets_no_place_in_the_later_space(world):
    """What it may do was decided when it was made, and it lives for up to two hours."""
    create(world)
    worker = link(world, new_token(world, "lab").token)
    world.clock.pass_seconds(5)
    delete(world)
    create(world)

    world.register(worker)

    assert world.queue("lab").workers == {}
    (rejection,) = world.messages(worker, Registered)[-1].rejected
    assert rejection.reason == "not_allowed"


def test_parameters_and_picture_go_with_the_space(world, aws):
    _, s3 = aws
    create(world)
    world.gateway.declarations.declare("lab", Declaration(SCHEMA, ("embeddings",)))
    definition = world.gateway.spaces.definition("lab")
    s3.put_object(Bucket="files", Key="covers/lab/a", Body=b"png")
    covered = replace(definition, cover="covers/lab/a", version=2)
    world.gateway.spaces.edit(covered, of_version=1)

    delete(world, version=2)
    create(world)

    view = view_space(world.gateway, "lab")
    assert (view.params_schema, view.endpoints, view.cover_url) == (None, [], None)
    assert s3.list_objects_v2(Bucket="files")["KeyCount"] == 0


def test_the_trail_names_the_tokens_and_keys_that_went_with_a_space(world):
    create(world)
    token, key = new_token(world, "lab"), new_key(world, "lab")

    delete(world)

    (entry, *_) = view_audit(world.gateway, None).entries
    assert entry.after["withdrawn"] == [token.token_id, key.key_id]


def test_a_deletion_that_stalled_leaves_the_tokens_of_the_later_space_alone(world):
    create(world)
    made = []
    tokens, listed = world.gateway.tokens, world.gateway.tokens.list

    def stalled():
        world.gateway.tokens.list = listed
        delete_space(world.gateway, "lab", 1, "bob")
        world.clock.pass_seconds(1)
        create(world)
        made.append(new_token(world, "lab"))
        return listed()

    tokens.list = stalled
    delete(world)

    assert scopes(world)[made[0].token_id] == ("active", ["lab"])


@pytest.fixture
def half_deleted(world, monkeypatch):
    """A space whose deletion has begun and has requests left to end, and what it gave out."""
    create(world)
    token, key = new_token(world, "lab"), new_key(world, "lab")
    shared = new_token(world, "lab", "echo")
    for _ in range(3):
        world.submit(space="lab")
    with monkeypatch.context() as few:
        few.setattr(cancel_unfinished, "MAX_AT_ONCE", 1)
        assert delete(world).left > 0
    return token, key, shared


@pytest.mark.parametrize("new", [new_token, new_key])
def test_nothing_is_made_for_a_space_that_is_being_deleted(world, half_deleted, new):
    with pytest.raises(UnknownSpace, match="'lab' does not exist"):
        new(world, "lab")


def test_nothing_is_made_anew_for_a_space_that_is_being_deleted(world, half_deleted):
    token, key, shared = half_deleted

    with pytest.raises(UnknownSpace, match="None of its spaces exists"):
        credentials.rotate_token(world.gateway, token.token_id, 24, "ada", "wss://x")
    with pytest.raises(UnknownSpace, match="None of its spaces exists"):
        credentials.rotate_key(world.gateway, key.key_id, 24, "ada")
    rotated = credentials.rotate_token(world.gateway, shared.token_id, 24, "ada", "wss://x")

    assert rotated.spaces == ["echo"]
    delete(world)
    create(world)
    worker = link(world, rotated.token)
    assert set(worker.spaces) == {"echo"}


@pytest.fixture
def overlooked(world):
    """Secrets that the index did not list yet when their space was deleted; a later one is there.

    So it may be with what is stored in the same moment.
    """
    create(world)
    token, key = new_token(world, "lab"), new_key(world, "lab")
    shared = new_token(world, "lab", "echo")
    with pytest.MonkeyPatch.context() as behind:
        for store in (world.gateway.tokens, world.gateway.keys):
            behind.setattr(store, "list", list)
        delete(world)
    create(world, visibility="private")
    return token, key, shared


def test_a_token_that_a_deletion_overlooked_gets_no_place_in_a_later_space(world, overlooked):
    token, _, _ = overlooked

    worker = link(world, token.token)

    assert world.queue("lab").workers == {}
    (rejection,) = world.messages(worker, Registered)[-1].rejected
    assert (rejection.reason, rejection.retry_after_seconds) == ("not_allowed", None)


def test_a_key_that_a_deletion_overlooked_finds_no_later_space(world, overlooked):
    _, key, _ = overlooked
    caller = identify_key(world.gateway, key.key)

    with pytest.raises(UnknownSpace):
        find_space(world.gateway, "lab", caller)

    fresh = identify_key(world.gateway, new_key(world, "lab").key)
    assert find_space(world.gateway, "lab", fresh).definition.space_id == "lab"
    with pytest.raises(UnknownSpace):
        find_space(world.gateway, "lab", User("s1", "ulla"))


def test_what_a_deletion_overlooked_is_not_made_good_by_a_rotation(world, overlooked):
    token, key, shared = overlooked
    world.clock.pass_seconds(60)

    with pytest.raises(UnknownSpace):
        credentials.rotate_token(world.gateway, token.token_id, 24, "ada", "wss://x")
    with pytest.raises(UnknownSpace):
        credentials.rotate_key(world.gateway, key.key_id, 24, "ada")
    rotated = credentials.rotate_token(world.gateway, shared.token_id, 24, "ada", "wss://x")

    assert rotated.spaces == ["echo"]


def test_a_token_made_while_the_later_space_begins_is_for_that_one(world):
    """Clocks of two functions differ by a little; what is made for a space is not older than it."""
    create(world)
    delete(world)
    create(world)
    world.clock.pass_seconds(-1.5)

    made = new_token(world, "lab")
    link(world, made.token)

    assert world.worker_ids("lab") == ["gpu-1"]
