"""Changes of people by the command line are in the audit trail, or are not made."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.admin.audited_people import AuditedUserPool
from infra.admin.calls import Answer, Refused
from infra.user_pool import UserPool, new_password

NOTE_ID = "00000000000001#AAAAAAAAAAAAAAAAAAAAAA"


class Trail:
    """Takes notes as the admin function does, until it refuses one."""

    def __init__(self) -> None:
        self.notes: list[Answer] = []
        self.refuses = ""

    def __call__(self, method: str, path: str, body: Any = None, query: Any = None) -> Answer:
        assert (method, path, query) == ("POST", "/audit/people", None)
        outcome = body.get("outcome", "begun")
        if outcome == self.refuses:
            raise Refused("The table is not there.")
        self.notes.append(body)
        return {"note_id": NOTE_ID}

    def told(self) -> list[tuple[str, str]]:
        return [(note["action"], note.get("outcome", "begun")) for note in self.notes]


@pytest.fixture
def trail() -> Trail:
    return Trail()


class Cognito:
    """A user pool, as far as its answers matter here."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.throttles = ""

    def admin_create_user(self, *, Username: str, **_: Any) -> None:  # noqa: N803 - boto3's names
        self.names.add(Username)

    def __getattr__(self, call: str) -> Any:
        def answer(*, Username: str, **_: Any) -> None:  # noqa: N803 - boto3's names
            if call == self.throttles:
                raise ClientError({"Error": {"Code": "TooManyRequestsException"}}, call)
            if Username not in self.names:
                raise ClientError({"Error": {"Code": "UserNotFoundException"}}, call)

        return answer


@pytest.fixture
def cognito() -> Cognito:
    return Cognito()


@pytest.fixture
def people(trail: Trail, cognito: Cognito) -> AuditedUserPool:
    return AuditedUserPool(UserPool(cognito, "pool"), trail)


def test_every_change_is_noted_before_and_after_without_its_password(
    people: AuditedUserPool, trail: Trail
) -> None:
    password = new_password()
    people.invite("ida", "ida@example.org")
    people.create("ulla", password)
    people.make_administrator("ulla")
    people.remove_administrator("ulla")
    people.reset_password("ulla", password)
    people.disable("ulla")
    people.enable("ulla")

    actions = (
        *("create_user", "create_user", "make_administrator", "remove_administrator"),
        *("reset_password", "disable_user", "enable_user"),
    )
    assert trail.told() == [(each, when) for each in actions for when in ("begun", "done")]
    assert all(note.get("note_id") == NOTE_ID for note in trail.notes[1::2])
    assert password not in str(trail.notes)


def test_what_cannot_be_noted_is_not_made(
    people: AuditedUserPool, trail: Trail, cognito: Cognito
) -> None:
    trail.refuses = "begun"

    with pytest.raises(Refused, match="not there"):
        people.create("ulla", new_password())

    assert cognito.names == set()


def test_change_without_a_final_audit_entry_is_reported(
    people: AuditedUserPool, trail: Trail, cognito: Cognito
) -> None:
    trail.refuses = "done"

    with pytest.raises(Refused, match="The change was made"):
        people.create("ulla", new_password())

    assert cognito.names == {"ulla"}


def test_what_the_pool_refuses_is_noted_as_refused(people: AuditedUserPool, trail: Trail) -> None:
    with pytest.raises(ClientError):
        people.make_administrator("nobody")

    assert trail.told() == [("make_administrator", "begun"), ("make_administrator", "refused")]


def test_what_failed_otherwise_stays_begun(
    people: AuditedUserPool, trail: Trail, cognito: Cognito
) -> None:
    people.create("ulla", new_password())
    cognito.throttles = "admin_user_global_sign_out"

    with pytest.raises(ClientError):
        people.disable("ulla")

    assert trail.told()[2:] == [("disable_user", "begun")]
