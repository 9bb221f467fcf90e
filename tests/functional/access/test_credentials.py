import json

import msgspec
import pytest

from spaces.domain.access.quota import CallerLimits
from spaces.domain.errors import Busy, NotFound, Unauthorized, UnknownSpace
from spaces.services.access.identify_key import identify_key
from spaces.services.administration import credentials
from spaces.services.administration.audited import view_audit
from spaces.services.workers.open_connection import open_connection
from spaces_protocol.admin_bodies import KeyLimits, NewKey
from spaces_protocol.limits import KEY_LIMITS
from tests.functional.access.support.credentials import (
    SOCKET,
    handshake,
    link,
    new_key,
    new_token,
    state_of,
)


def test_a_token_is_shown_once_with_the_command_that_uses_it(world, dynamodb):
    made = new_token(world, label="gpu at home")

    assert made.token in made.command
    assert SOCKET in made.command
    listed = credentials.list_tokens(world.gateway).tokens
    assert [(each.label, each.token, each.command) for each in listed] == [
        ("gpu at home", None, None)
    ]
    assert made.token not in json.dumps(dynamodb.scan(TableName="spaces")["Items"])


def test_when_a_token_was_used_is_noted_once_a_connection(world):
    made = new_token(world)
    assert credentials.list_tokens(world.gateway).tokens[0].last_used_at is None

    sender = link(world, made.token)

    used = credentials.list_tokens(world.gateway).tokens[0].last_used_at
    assert round(used.timestamp() * 1000) == sender.connected_at


def test_a_revoked_token_lets_nobody_in_and_closes_its_links(world):
    made, other = new_token(world), new_token(world, label="other")
    world.create_space("second")
    worker = link(world, made.token)
    accepted = world.submit()

    closed = credentials.revoke_token(world.gateway, made.token_id, "ada")

    assert closed == 1
    assert world.ends.closed == [worker.connection_id]
    assert world.queue().workers == {}
    assert world.queue().retry[0].ticket == accepted.request.ticket
    assert state_of(world, made.token_id) == "revoked"
    with pytest.raises(Unauthorized, match="revoked"):
        handshake(world, made.token)
    handshake(world, other.token)


def test_revoking_again_finds_what_the_first_call_could_not_close(world):
    made = new_token(world)
    worker = link(world, made.token)
    world.ends.unavailable.add(worker.connection_id)
    with pytest.raises(Exception, match="could not be closed"):
        credentials.revoke_token(world.gateway, made.token_id, "ada")
    world.ends.unavailable.clear()

    assert credentials.revoke_token(world.gateway, made.token_id, "ada") == 1
    assert world.ends.closed == [worker.connection_id]


def test_a_worker_between_authorizer_and_connect_does_not_slip_through(world):
    """The authorizer let it in; then its token was revoked; then $connect runs."""
    made = new_token(world)
    sender, digest = handshake(world, made.token)
    assert credentials.revoke_token(world.gateway, made.token_id, "ada") == 0

    with pytest.raises(Unauthorized):
        open_connection(world.gateway, sender, digest)

    assert world.gateway.connections.list() == []


@pytest.mark.parametrize("behind", [0, 1])
def test_a_worker_between_authorizer_and_connect_does_not_slip_through_a_rotation(world, behind):
    """The authorizer let it in; then its leaked token was replaced; $connect's clock is behind."""
    made = new_token(world)
    sender, digest = handshake(world, made.token)
    credentials.rotate_token(world.gateway, made.token_id, 0, "ada", SOCKET)
    world.clock.pass_seconds(-behind)

    with pytest.raises(Unauthorized):
        open_connection(world.gateway, sender, digest)

    assert world.gateway.connections.list() == []


def test_a_token_that_ends_between_authorizer_and_connect_lets_nobody_in(world):
    made = new_token(world, expires_in_days=1)
    sender, digest = handshake(world, made.token)
    world.clock.pass_seconds(24 * 3600)

    with pytest.raises(Unauthorized):
        open_connection(world.gateway, sender, digest)


def test_a_connection_that_is_noted_while_its_token_is_revoked_is_found(world):
    """$connect wrote its record, then the token was revoked, then $connect looked at the token."""
    made = new_token(world)
    sender, digest = handshake(world, made.token)
    mark = world.gateway.tokens.count_handshake

    def revoked_meanwhile(digest, now):
        assert credentials.revoke_token(world.gateway, made.token_id, "ada") == 1
        return mark(digest, now)

    world.gateway.tokens.count_handshake = revoked_meanwhile
    with pytest.raises(Unauthorized):
        open_connection(world.gateway, sender, digest)


def test_a_rotated_token_works_for_the_overlap_and_keeps_the_worker_s_place(world):
    made = new_token(world)
    link(world, made.token)
    rotated = credentials.rotate_token(world.gateway, made.token_id, 24, "ada", SOCKET)

    assert rotated.token_id == made.token_id
    assert rotated.token != made.token
    assert state_of(world, made.token_id) == "rotating"
    link(world, made.token)
    taken_over = link(world, rotated.token)
    assert world.place("gpu-1").connection_id == taken_over.connection_id

    world.clock.pass_seconds(24 * 3600)
    with pytest.raises(Unauthorized):
        handshake(world, made.token)
    link(world, rotated.token)
    assert state_of(world, made.token_id) == "active"


def test_rotating_without_overlap_cuts_the_old_secret_off_at_once(world):
    made = new_token(world)
    worker = link(world, made.token)

    rotated = credentials.rotate_token(world.gateway, made.token_id, 0, "ada", SOCKET)

    assert world.ends.closed == [worker.connection_id]
    with pytest.raises(Unauthorized):
        handshake(world, made.token)
    handshake(world, rotated.token)


def test_the_new_secret_is_told_though_a_link_could_not_be_closed(world):
    made = new_token(world)
    stuck, other = link(world, made.token, "gpu-1"), link(world, made.token, "gpu-2")
    world.ends.unavailable.add(stuck.connection_id)
    world.clock.pass_seconds(1)

    rotated = credentials.rotate_token(world.gateway, made.token_id, 0, "ada", SOCKET)

    assert rotated.open_connections == 1
    assert world.ends.closed == [other.connection_id]
    handshake(world, rotated.token)
    entry = view_audit(world.gateway, None).entries[0]
    assert (entry.action, entry.outcome) == ("rotate_token", "done")
    assert entry.after == {"overlap_hours": 0, "closed_connections": 1, "open_connections": 1}


def test_one_link_that_cannot_be_closed_saves_no_other(world):
    made = new_token(world)
    links = [link(world, made.token, f"gpu-{number}") for number in range(3)]
    stuck = links[1].connection_id
    world.ends.unavailable.add(stuck)

    with pytest.raises(Busy, match="could not be closed"):
        credentials.revoke_token(world.gateway, made.token_id, "ada")

    assert set(world.ends.closed) == {each.connection_id for each in links} - {stuck}


def test_a_token_that_is_rotated_in_the_moment_it_was_made_is_known_by_its_new_secret(world):
    made = new_token(world)

    credentials.rotate_token(world.gateway, made.token_id, 0, "ada", SOCKET)

    assert state_of(world, made.token_id) == "active"


def test_a_second_rotation_lets_no_older_secret_live_longer(world):
    first = new_token(world)
    second = credentials.rotate_token(world.gateway, first.token_id, 1, "ada", SOCKET)
    world.clock.pass_seconds(600)

    credentials.rotate_token(world.gateway, first.token_id, 720, "bob", SOCKET)

    world.clock.pass_seconds(3600)
    with pytest.raises(Unauthorized):
        handshake(world, first.token)
    handshake(world, second.token)


def test_a_second_rotation_can_end_an_older_secret_sooner(world):
    first = new_token(world)
    second = credentials.rotate_token(world.gateway, first.token_id, 720, "ada", SOCKET)
    credentials.rotate_token(world.gateway, first.token_id, 1, "bob", SOCKET)

    world.clock.pass_seconds(3600)
    for ended in (first, second):
        with pytest.raises(Unauthorized):
            handshake(world, ended.token)


def test_revoking_a_rotated_token_revokes_all_its_secrets(world):
    made = new_token(world)
    rotated = credentials.rotate_token(world.gateway, made.token_id, 24, "ada", SOCKET)
    credentials.revoke_token(world.gateway, made.token_id, "ada")

    for secret in (made.token, rotated.token):
        with pytest.raises(Unauthorized):
            handshake(world, secret)
    with pytest.raises(NotFound):
        credentials.rotate_token(world.gateway, made.token_id, 24, "ada", SOCKET)


def test_an_expired_token_is_listed_as_such_and_a_rotated_one_lives_as_long_again(world):
    made = new_token(world, expires_in_days=10)
    world.clock.pass_seconds(9 * 24 * 3600)
    rotated = credentials.rotate_token(world.gateway, made.token_id, 24, "ada", SOCKET)
    world.clock.pass_seconds(9 * 24 * 3600)
    handshake(world, rotated.token)

    world.clock.pass_seconds(2 * 24 * 3600)
    assert state_of(world, made.token_id) == "expired"
    with pytest.raises(Unauthorized):
        handshake(world, rotated.token)


def test_a_token_for_a_space_that_is_not_there_is_not_made(world):
    with pytest.raises(UnknownSpace):
        new_token(world, "echo", "nosuch")


def test_a_key_says_whose_it_is_and_what_it_may(world):
    made = new_key(world, label="script", limits=KeyLimits(requests_per_minute=7))

    caller = identify_key(world.gateway, made.key)

    assert (caller.key_id, caller.label, caller.spaces) == (
        made.key_id,
        "script",
        frozenset({"echo"}),
    )
    assert caller.limits == CallerLimits(
        requests_per_minute=7,
        max_waiting=KEY_LIMITS.max_waiting,
        upload_bytes_per_day=KEY_LIMITS.upload_bytes_per_day,
    )


def test_only_null_is_no_limit_of_a_key(world):
    unlimited = dict.fromkeys(KEY_LIMITS._fields)
    sent = {"spaces": ["echo"], "limits": {**unlimited, "max_waiting": 5}}
    made = credentials.add_key(world.gateway, msgspec.convert(sent, NewKey), "ada")

    assert identify_key(world.gateway, made.key).limits == CallerLimits(max_waiting=5)
    assert msgspec.to_builtins(made.limits) == sent["limits"]
    usual = new_key(world)
    assert msgspec.to_builtins(usual.limits) == KEY_LIMITS._asdict()


@pytest.mark.parametrize("secret", ["", "wsk_", "wsk_" + "A" * 44, "wst_" + "A" * 44])
def test_what_is_no_key_lets_nobody_in(world, secret):
    with pytest.raises(Unauthorized):
        identify_key(world.gateway, secret)


def test_a_worker_token_is_no_api_key_and_the_other_way_round(world):
    token, key = new_token(world), new_key(world)

    with pytest.raises(Unauthorized):
        identify_key(world.gateway, token.token)
    with pytest.raises(Unauthorized):
        handshake(world, key.key)


def test_revoked_and_expired_keys_let_nobody_in(world):
    revoked, short = new_key(world), new_key(world, expires_in_days=1)
    credentials.revoke_key(world.gateway, revoked.key_id, "ada")
    identify_key(world.gateway, short.key)
    world.clock.pass_seconds(24 * 3600)

    for made in (revoked, short):
        with pytest.raises(Unauthorized):
            identify_key(world.gateway, made.key)


def test_the_use_of_a_key_is_written_down_once_an_hour_at_most(world):
    made, notes = new_key(world), []
    mark = world.gateway.keys.mark_used
    world.gateway.keys.mark_used = lambda *given: notes.append(given) or mark(*given)

    for minutes in (0, 10, 59, 61):
        world.clock.time = 1_800_000_000_000 + minutes * 60_000
        identify_key(world.gateway, made.key)

    assert len(notes) == 2


def test_nothing_that_is_audited_holds_a_secret(world, dynamodb):
    token, key = new_token(world, label="t"), new_key(world, label="k")
    rotated = credentials.rotate_token(world.gateway, token.token_id, 1, "ada", SOCKET)
    again = credentials.rotate_key(world.gateway, key.key_id, 1, "ada")
    credentials.revoke_key(world.gateway, key.key_id, "ada")

    kept = json.dumps(dynamodb.scan(TableName="spaces")["Items"])
    told = json.dumps(list(world.events), default=str)

    for secret in (token.token, key.key, rotated.token, again.key):
        assert secret not in kept
        assert secret not in told
