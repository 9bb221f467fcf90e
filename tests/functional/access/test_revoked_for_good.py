"""Who revokes a token or key ends all of its secrets, whatever else happens to it meanwhile."""

import pytest

from spaces.adapters.dynamodb.lineage_items import LineageItems
from spaces.domain.errors import NotFound, Unauthorized
from spaces.services.access.identify_key import identify_key
from spaces.services.administration import credentials
from spaces.services.administration.audited import view_audit
from tests.functional.access.support.credentials import (
    SOCKET,
    handshake,
    new_key,
    new_token,
    state_of,
)

HOUR = 3600


def lets_in(world, secret):
    try:
        handshake(world, secret)
    except Unauthorized:
        return False
    return True


def put_secrets(world):
    """Note the secrets that are stored from now on, as nobody is told those that are undone."""
    put, stored = world.gateway.tokens.put, []
    world.gateway.tokens.put = lambda digest, kept: stored.append(digest) or put(digest, kept)
    return stored


def good_ones(world, digests):
    found = [world.gateway.tokens.find(digest) for digest in digests]
    return [each for each in found if each is not None and each.is_valid(world.clock())]


@pytest.mark.parametrize("moment", ["before it is stored", "when it is stored", "when it counts"])
def test_a_rotation_in_flight_does_not_outlive_the_revocation(world, monkeypatch, moment):
    made = new_token(world)
    stored = put_secrets(world)
    put, add = world.gateway.tokens.put, LineageItems.add

    def revoke():
        monkeypatch.undo()
        credentials.revoke_token(world.gateway, made.token_id, "bob")
        world.clock.pass_seconds(1)

    def put_late(digest, credential):
        if moment == "before it is stored":
            revoke()
        put(digest, credential)
        if moment == "when it is stored":
            revoke()

    def add_early(lineages, *given):
        counted = add(lineages, *given)
        if moment == "when it counts":
            revoke()
        return counted

    monkeypatch.setattr(world.gateway.tokens, "put", put_late)
    monkeypatch.setattr(LineageItems, "add", add_early)
    if moment == "when it counts":  # it was there before: the revocation ends it with the others
        told = credentials.rotate_token(world.gateway, made.token_id, 24, "ada", SOCKET)
        assert not lets_in(world, told.token)
    else:
        with pytest.raises(NotFound, match="No valid"):
            credentials.rotate_token(world.gateway, made.token_id, 24, "ada", SOCKET)

    assert len(stored) == 1
    assert good_ones(world, stored) == []
    assert not lets_in(world, made.token)
    assert state_of(world, made.token_id) == "revoked"


def test_a_rotation_that_ends_while_the_revocation_begins_is_revoked_with_it(world, monkeypatch):
    made, told = new_token(world), []
    revoke = LineageItems.revoke

    def rotated_meanwhile(lineages, *given):
        monkeypatch.undo()
        told.append(credentials.rotate_token(world.gateway, made.token_id, 24, "ada", SOCKET))
        return revoke(lineages, *given)

    monkeypatch.setattr(LineageItems, "revoke", rotated_meanwhile)
    credentials.revoke_token(world.gateway, made.token_id, "bob")

    assert [lets_in(world, each.token) for each in (made, *told)] == [False, False]


def test_an_undone_rotation_is_in_the_trail_as_refused(world, monkeypatch):
    made = new_token(world)
    put = world.gateway.tokens.put

    def revoked_meanwhile(digest, credential):
        monkeypatch.undo()
        credentials.revoke_token(world.gateway, made.token_id, "bob")
        world.clock.pass_seconds(1)
        put(digest, credential)

    monkeypatch.setattr(world.gateway.tokens, "put", revoked_meanwhile)
    world.clock.pass_seconds(1)
    with pytest.raises(NotFound):
        credentials.rotate_token(world.gateway, made.token_id, 24, "ada", SOCKET)

    trail = view_audit(world.gateway, None).entries
    assert {(each.action, each.outcome) for each in trail[:2]} == {
        ("revoke_token", "done"),
        ("rotate_token", "refused"),
    }


def test_what_the_index_does_not_list_yet_is_revoked_all_the_same(world, monkeypatch):
    first = new_token(world)
    listed = world.gateway.tokens.list()
    second = credentials.rotate_token(world.gateway, first.token_id, 24, "ada", SOCKET)

    with monkeypatch.context() as behind:
        behind.setattr(world.gateway.tokens, "list", lambda: listed)
        credentials.revoke_token(world.gateway, first.token_id, "ada")

    assert not lets_in(world, first.token)
    assert not lets_in(world, second.token)


def test_a_key_is_revoked_in_the_moment_it_was_made(world, monkeypatch):
    made = new_key(world)

    with monkeypatch.context() as behind:
        behind.setattr(world.gateway.keys, "list", list)
        credentials.revoke_key(world.gateway, made.key_id, "ada")

    with pytest.raises(Unauthorized):
        identify_key(world.gateway, made.key)


def test_a_rotation_without_overlap_ends_what_the_index_does_not_list_yet(world, monkeypatch):
    first = new_token(world)
    listed = world.gateway.tokens.list()
    second = credentials.rotate_token(world.gateway, first.token_id, 24, "ada", SOCKET)

    with monkeypatch.context() as behind:
        behind.setattr(world.gateway.tokens, "list", lambda: listed)
        third = credentials.rotate_token(world.gateway, first.token_id, 0, "ada", SOCKET)

    assert [lets_in(world, each.token) for each in (first, second, third)] == [False, False, True]


def test_a_secret_of_a_function_that_died_is_revoked_with_the_others(world, monkeypatch):
    """It was stored and told nobody; the index lists it."""
    made = new_token(world)
    stored = put_secrets(world)

    def die(*_):
        raise RuntimeError

    with monkeypatch.context() as dying:
        dying.setattr(LineageItems, "add", die)
        with pytest.raises(RuntimeError):
            credentials.rotate_token(world.gateway, made.token_id, 24, "ada", SOCKET)
    credentials.revoke_token(world.gateway, made.token_id, "ada")

    assert len(stored) == 1
    assert good_ones(world, stored) == []
    assert state_of(world, made.token_id) == "revoked"


def test_secrets_that_are_forgotten_are_remembered_nowhere(world, dynamodb):
    """DynamoDB deletes them some time after their end; one rotated daily stays small."""
    made = new_token(world)
    stored = put_secrets(world)
    credentials.rotate_token(world.gateway, made.token_id, 1, "ada", SOCKET)
    (first,) = world.gateway.tokens.lineages.digests(made.token_id) - set(stored)
    forgotten = next(
        item for item in dynamodb.scan(TableName="spaces")["Items"] if item["record"]["S"] == first
    )
    key = {name: forgotten[name] for name in ("space_id", "record")}
    dynamodb.delete_item(TableName="spaces", Key=key)

    credentials.rotate_token(world.gateway, made.token_id, 1, "ada", SOCKET)

    assert world.gateway.tokens.lineages.digests(made.token_id) == set(stored)


def test_what_is_kept_of_a_token_is_forgotten_after_its_last_secret(world, dynamodb):
    def kept(token_id):
        (item,) = [
            item
            for item in dynamodb.scan(TableName="spaces")["Items"]
            if item["space_id"]["S"] == f"#worker_token#id#{token_id}"
        ]
        return int(item["expires_at"]["N"]) if "expires_at" in item else None

    endless, short = new_token(world), new_token(world, expires_in_days=10)
    month, start = 30 * 24 * HOUR, world.clock() // 1000
    assert kept(endless.token_id) is None
    assert kept(short.token_id) == start + 10 * 24 * HOUR + month
    world.clock.pass_seconds(24 * HOUR)

    credentials.rotate_token(world.gateway, short.token_id, 24, "ada", SOCKET)
    credentials.revoke_token(world.gateway, endless.token_id, "ada")

    assert kept(short.token_id) == start + 11 * 24 * HOUR + month
    assert kept(endless.token_id) == start + 24 * HOUR + month
