import pytest

from spaces.domain.access.quota import DAY
from spaces.domain.errors import Busy, InvalidInput, SpaceExists, Unauthorized
from spaces.domain.space import EditConflict
from spaces.services.access.issue_credential import store_of
from spaces.services.administration import credentials
from spaces.services.administration.audited import audited, view_audit
from spaces.services.administration.edit_space import add_space, edit_space
from spaces.services.ports.gateway import SwapConflict
from spaces_protocol.admin_bodies import KeyLimits
from tests.functional.access.support.credentials import link, new_key, new_token


def entries(world, cursor=None):
    return view_audit(world.gateway, cursor).entries


def test_an_edit_says_who_changed_what_from_what_to_what(world):
    add_space(world.gateway, {"space": "lab", "title": "Lab"}, "ada")
    world.clock.pass_seconds(1)
    edit_space(world.gateway, "lab", {"version": 1, "title": "New", "max_workers": 2}, "bob")

    newest = entries(world)[0]

    assert (newest.who, newest.action, newest.target) == ("bob", "edit_space", "lab")
    assert newest.before == {"title": "Lab", "max_workers": 1}
    assert newest.after == {"title": "New", "max_workers": 2}


def test_without_an_entry_there_is_no_change(world):
    def broken(*_):
        raise RuntimeError("the table is not there")

    world.gateway.audit.write = broken

    with pytest.raises(RuntimeError):
        add_space(world.gateway, {"space": "lab"}, "ada")

    assert world.gateway.spaces.definition("lab") is None


def test_a_change_that_dies_leaves_an_entry_that_says_so(world):
    with pytest.raises(KeyboardInterrupt), audited(world.gateway, "ada", "try", "x"):
        raise KeyboardInterrupt

    assert [(e.action, e.outcome) for e in entries(world)] == [("try", "begun")]


def test_the_trail_is_read_page_by_page_over_months_newest_first(world):
    for number in range(70):
        world.clock.pass_seconds(DAY / 1000)
        with audited(world.gateway, "ada", "count", str(number)):
            pass

    targets, cursor = [], None
    while True:
        page = view_audit(world.gateway, cursor)
        targets += [int(entry.target) for entry in page.entries]
        cursor = page.next_cursor
        if cursor is None:
            break

    assert targets == list(range(69, -1, -1))


def test_entries_are_kept_for_four_hundred_days(world, dynamodb):
    with audited(world.gateway, "ada", "try", "x"):
        pass

    (kept,) = [
        item
        for item in dynamodb.scan(TableName="spaces")["Items"]
        if item["space_id"]["S"].startswith("#audit#")
    ]
    assert int(kept["expires_at"]["N"]) == (world.clock() + 400 * DAY) // 1000


def test_a_cursor_of_somebody_s_own_making_is_refused(world):
    with pytest.raises(InvalidInput, match="cursor"):
        view_audit(world.gateway, "no-month")


def test_a_change_that_gave_up_half_way_is_not_called_refused(world):
    """The token is revoked by then; only one of its links could not be closed."""
    token = new_token(world)
    worker = link(world, token.token)
    world.ends.unavailable.add(worker.connection_id)

    with pytest.raises(Busy):
        credentials.revoke_token(world.gateway, token.token_id, "ada")

    newest = entries(world)[0]
    assert (newest.action, newest.outcome) == ("revoke_token", "begun")
    with pytest.raises(Unauthorized):
        link(world, token.token)


def test_what_was_refused_says_why(world):
    with pytest.raises(SpaceExists):
        add_space(world.gateway, {"space": "echo"}, "ada")

    newest = entries(world)[0]
    assert (newest.action, newest.outcome, newest.after) == (
        "create_space",
        "refused",
        "space_exists",
    )


def test_the_terms_of_a_key_are_in_the_trail(world):
    made = new_key(world, label="ci", expires_in_days=3, limits=KeyLimits(max_waiting=5))

    after = entries(world)[0].after

    assert after["key_id"] == made.key_id
    assert (after["label"], after["expires_in_days"]) == ("ci", 3)
    assert after["limits"]["max_waiting"] == 5


@pytest.mark.parametrize("kind", ["token", "key"])
def test_a_credential_whose_making_died_has_its_terms_in_the_trail(world, monkeypatch, kind):
    make = {"token": new_token, "key": new_key}[kind]

    def dies(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(store_of(world.gateway, kind), "put", dies)
    with pytest.raises(KeyboardInterrupt):
        make(world, label="ci", expires_in_days=3)

    newest = entries(world)[0]
    assert (newest.action, newest.outcome) == (f"create_{kind}", "begun")
    assert (newest.after["label"], newest.after["expires_in_days"]) == ("ci", 3)


def test_an_edit_that_gave_up_half_way_says_from_what_to_what(world):
    add_space(world.gateway, {"space": "lab"}, "ada")
    world.clock.pass_seconds(1)
    busy_queue(world)

    with pytest.raises(Busy):
        edit_space(world.gateway, "lab", {"version": 1, "max_workers": 2}, "bob")

    newest = entries(world)[0]
    assert (newest.action, newest.outcome) == ("edit_space", "begun")
    assert (newest.before, newest.after) == ({"max_workers": 1}, {"max_workers": 2})


def test_an_edit_that_gave_up_half_way_succeeds_when_it_is_repeated(world):
    add_space(world.gateway, {"space": "lab"}, "ada")
    world.clock.pass_seconds(1)
    calm = busy_queue(world)
    wanted = {"version": 1, "max_workers": 2, "visibility": "members"}
    with pytest.raises(Busy):
        edit_space(world.gateway, "lab", wanted, "bob")
    calm()
    world.clock.pass_seconds(1)

    repeated = edit_space(world.gateway, "lab", wanted, "bob")

    assert (repeated.version, repeated.visibility) == (2, "members")
    assert world.queue("lab").limits.max_workers == 2
    assert [entry.outcome for entry in entries(world)[:2]] == ["done", "begun"]


def test_a_refused_edit_tells_no_values_that_nobody_had(world):
    add_space(world.gateway, {"space": "lab"}, "ada")
    world.clock.pass_seconds(1)
    edit_space(world.gateway, "lab", {"version": 1, "title": "New"}, "bob")
    world.clock.pass_seconds(1)

    with pytest.raises(EditConflict):
        edit_space(world.gateway, "lab", {"version": 1, "title": "Other"}, "ada")

    newest = entries(world)[0]
    assert (newest.outcome, newest.before, newest.after) == ("refused", None, "edit_conflict")


def busy_queue(world):
    """Let every change of a queue fail, as if others were always quicker; gives what ends it."""
    swap = world.gateway.spaces.swap

    def others_were_quicker(*_):
        raise SwapConflict

    def calm():
        world.gateway.spaces.swap = swap

    world.gateway.spaces.swap = others_were_quicker
    return calm
