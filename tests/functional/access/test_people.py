"""Users as administrators see, invite and change them; somebody can always go on administering."""

import boto3
import msgspec
import pytest
from botocore.exceptions import ClientError

from spaces.adapters.people import PAGE, CognitoPeople
from spaces.domain.errors import (
    Busy,
    EmailTaken,
    InvalidInput,
    LastAdministrator,
    NotFound,
    SpaceError,
    UserExists,
)
from spaces.schema import ADMINISTRATORS
from spaces.services.administration.audited import view_audit
from spaces.services.administration.manage_people import (
    change_person,
    invite_person,
    list_people,
)
from spaces_protocol.admin_bodies import Invitation, PersonAction


@pytest.fixture
def cognito(world):
    """A user pool with the administrators Ada and Bo, and with Cy, who is none."""
    client = boto3.client("cognito-idp", "eu-central-1")
    pool = client.create_user_pool(PoolName="users")["UserPool"]["Id"]
    client.create_group(UserPoolId=pool, GroupName=ADMINISTRATORS)
    object.__setattr__(world.gateway, "people", CognitoPeople(lambda: client, pool))
    for name in ("ada", "bo", "cy"):
        invite_person(world.gateway, Invitation(user=name, email=f"{name}@example.org"), "setup")
    for name in ("ada", "bo"):
        change(world, name, "make_administrator", who="setup")
    yield client, pool
    client.delete_user_pool(UserPoolId=pool)


def change(world, user, action, who="ada"):
    world.clock.pass_seconds(1)
    change_person(world.gateway, PersonAction(user=user, action=action), who)


def listed(world):
    people = list_people(world.gateway, None).people
    return {
        each.user: (each.administrator, "disabled" if each.disabled else each.state)
        for each in people
    }


def latest(world):
    entry = view_audit(world.gateway, None).entries[0]
    return (entry.who, entry.action, entry.target, entry.outcome, entry.after)


@pytest.mark.usefixtures("cognito")
def test_all_users_are_listed_with_their_rights_and_state(world):
    assert listed(world) == {
        "ada": (True, "invited"),
        "bo": (True, "invited"),
        "cy": (False, "invited"),
    }


def test_a_user_who_has_chosen_a_password_is_active(world, cognito):
    client, pool = cognito
    client.admin_set_user_password(
        UserPoolId=pool, Username="cy", Password="Long-Enough-1", Permanent=True
    )

    assert listed(world)["cy"] == (False, "active")


def test_many_users_come_in_pages(world, cognito):
    client, pool = cognito
    for number in range(PAGE):
        client.admin_create_user(UserPoolId=pool, Username=f"user-{number}")

    first = list_people(world.gateway, None)
    second = list_people(world.gateway, first.next_cursor)

    assert len(first.people) == PAGE
    assert len({each.user for each in (*first.people, *second.people)}) == PAGE + 3
    assert second.next_cursor is None


def test_an_invited_administrator_is_one_from_the_start(world, cognito):
    client, pool = cognito
    world.clock.pass_seconds(1)

    wanted = Invitation(user="di", email="di@example.org", administrator=True)
    made = invite_person(world.gateway, wanted, "ada")

    assert (made.user, made.email, made.administrator, made.state) == (
        *("di", "di@example.org"),
        *(True, "invited"),
    )
    assert listed(world)["di"] == (True, "invited")
    attributes = client.admin_get_user(UserPoolId=pool, Username="di")["UserAttributes"]
    assert {"Name": "email_verified", "Value": "true"} in attributes
    assert latest(world) == ("ada", "create_user", "di", "done", {"administrator": True})


@pytest.mark.usefixtures("cognito")
def test_a_name_that_is_taken_is_refused_and_audited(world):
    world.clock.pass_seconds(1)

    with pytest.raises(UserExists, match="user is taken"):
        invite_person(world.gateway, Invitation(user="cy", email="new@example.org"), "ada")

    assert latest(world) == ("ada", "create_user", "cy", "refused", "user_exists")


@pytest.mark.usefixtures("cognito")
@pytest.mark.parametrize(
    ("action", "user", "after"),
    [
        ("make_administrator", "cy", (True, "invited")),
        ("remove_administrator", "bo", (False, "invited")),
        ("disable_user", "bo", (True, "disabled")),
        ("disable_user", "cy", (False, "disabled")),
        ("enable_user", "cy", (False, "invited")),
        ("invite_again", "cy", (False, "invited")),
    ],
)
def test_a_change_is_made_and_audited(world, action, user, after):
    change(world, user, action)

    assert listed(world)[user] == after
    assert latest(world)[:4] == ("ada", action, user, "done")


@pytest.mark.usefixtures("cognito")
@pytest.mark.parametrize("action", ["remove_administrator", "disable_user"])
@pytest.mark.parametrize("name", ["ada", "ADA"])
def test_nobody_takes_their_own_rights(world, action, name):
    with pytest.raises(InvalidInput, match="your own rights"):
        change(world, name, action)

    assert listed(world)["ada"] == (True, "invited")
    assert latest(world) == ("ada", action, name, "refused", "invalid_input")


@pytest.mark.usefixtures("cognito")
@pytest.mark.parametrize("action", ["remove_administrator", "disable_user"])
def test_the_last_administrator_stays_one(world, action):
    change(world, "bo", "remove_administrator")

    with pytest.raises(LastAdministrator, match="ada is the last administrator"):
        change(world, "ada", action, who="bo")  # whose token still says that he is one

    assert listed(world)["ada"] == (True, "invited")


@pytest.mark.usefixtures("cognito")
def test_an_administrator_who_is_disabled_does_not_count(world):
    change(world, "bo", "disable_user")

    with pytest.raises(LastAdministrator, match="last administrator"):
        change(world, "ada", "remove_administrator", who="bo")


@pytest.mark.usefixtures("cognito")
@pytest.mark.parametrize(
    "action", ["make_administrator", "remove_administrator", "disable_user", "enable_user"]
)
def test_an_unknown_user_is_not_found(world, action):
    with pytest.raises(NotFound, match="no user of this name"):
        change(world, "nobody", action)


def test_losing_rights_ends_the_sessions(world, cognito, monkeypatch):
    client, pool = cognito
    ended = []
    monkeypatch.setattr(client, "admin_user_global_sign_out", lambda **call: ended.append(call))

    change(world, "bo", "remove_administrator")
    change(world, "cy", "disable_user")
    change(world, "cy", "enable_user")

    assert ended == [{"UserPoolId": pool, "Username": name} for name in ("bo", "cy")]


@pytest.mark.parametrize(
    ("code", "error", "says"),
    [
        ("AliasExistsException", EmailTaken, "email belongs to another account"),
        ("CodeDeliveryFailureException", InvalidInput, "email: the invitation could not be sent"),
        ("UnsupportedUserStateException", InvalidInput, "user has signed in before"),
        ("InvalidParameterException", InvalidInput, "user or email cannot be used"),
        ("TooManyRequestsException", Busy, "Too many calls"),
        ("LimitExceededException", Busy, "Too many calls"),
        ("InternalErrorException", ClientError, ""),
    ],
)
def test_what_cognito_refuses_is_explained(world, cognito, monkeypatch, code, error, says):
    def refuse(**_):
        raise ClientError({"Error": {"Code": code, "Message": "secret words"}}, "AdminCreateUser")

    monkeypatch.setattr(cognito[0], "admin_create_user", refuse)

    with pytest.raises(error) as raised:
        invite_person(world.gateway, Invitation(user="di", email="di@example.org"), "ada")

    if isinstance(raised.value, SpaceError):
        assert says in raised.value.detail
        assert "secret" not in raised.value.detail


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"user": ""}, "user"),
        ({"user": "a b"}, "user"),
        ({"user": "a@b.org"}, "user"),
        ({"user": "a\n"}, "user"),
        ({"user": "x" * 129}, "user"),
        ({"email": "di"}, "email"),
        ({"email": "di@example"}, "email"),
        ({"email": "di@example..org"}, "email"),
        ({"email": "a b@example.org"}, "email"),
        ({"email": "di@example.org\n"}, "email"),
        ({"email": "@example.org"}, "email"),
        ({"password": "x"}, "password"),
    ],
)
def test_an_invitation_without_a_usable_name_or_address_is_refused(fields, says):
    usual = {"user": "di", "email": "di@example.org"}
    assert msgspec.convert(usual, Invitation).user == "di"

    with pytest.raises(msgspec.ValidationError, match=says):
        msgspec.convert({**usual, **fields}, Invitation)
