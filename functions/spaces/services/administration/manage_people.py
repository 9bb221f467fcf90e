"""Shows users to administrators, invites them, and changes their rights."""

from types import MappingProxyType
from typing import Any, Final

from spaces.domain.errors import InvalidInput, LastAdministrator
from spaces.services.administration.audited import Change, audited
from spaces.services.ports.gateway import Gateway
from spaces.services.ports.people import Person
from spaces.services.timestamps import timestamp
from spaces_protocol.admin_bodies import (
    Invitation,
    PeopleAction,
    PeopleList,
    PersonAction,
    PersonState,
    PersonView,
)

_STATES: Final[MappingProxyType[str, PersonState]] = MappingProxyType(
    {"FORCE_CHANGE_PASSWORD": "invited", "UNCONFIRMED": "unconfirmed", "RESET_REQUIRED": "reset"}
)
AFTER: Final[MappingProxyType[PeopleAction, dict[str, Any]]] = MappingProxyType(
    {
        "make_administrator": {"administrator": True},
        "remove_administrator": {"administrator": False},
        "disable_user": {"shut_out": True},
        "enable_user": {"shut_out": False},
    }
)
"""What the audit trail shows of a change. The other actions involve only secrets."""
_WEAKENS: Final = ("remove_administrator", "disable_user")


def list_people(gateway: Gateway, cursor: str | None) -> PeopleList:
    """Return users, in pages.

    Raises:
        InvalidInput: The cursor is not valid.
        Busy: Too many calls about users at once.
    """
    administrators = {person.name for person in gateway.people.administrators()}
    page = gateway.people.page(cursor)
    return PeopleList(
        people=[
            _view(person, administrator=person.name in administrators) for person in page.people
        ],
        next_cursor=page.next_cursor,
    )


def invite_person(gateway: Gateway, wanted: Invitation, who: str) -> PersonView:
    """Create an account and e-mail an invitation.

    Raises:
        UserExists: The name is taken.
        EmailTaken: The address belongs to another user.
        InvalidInput: Name or address cannot be used.
        Busy: Too many calls about users at once.
    """
    planned = Change(after={"administrator": wanted.administrator})
    with audited(gateway, who, "create_user", wanted.user, planned):
        person = gateway.people.invite(wanted.user, wanted.email)
        if wanted.administrator:
            gateway.people.make_administrator(wanted.user)
    return _view(person, administrator=wanted.administrator)


def change_person(gateway: Gateway, wanted: PersonAction, who: str) -> None:
    """Change the rights of a user, or send an invitation again.

    Raises:
        NotFound: There is no user of this name.
        LastAdministrator: The change would leave no administrator.
        InvalidInput: It would take the caller's own rights, or the user needs no invitation.
        Busy: Too many calls about users at once.
    """
    planned = Change(after=AFTER.get(wanted.action))
    with audited(gateway, who, wanted.action, wanted.user, planned):
        if wanted.action in _WEAKENS:
            _expect_administrators_left(gateway, wanted.user, who)
        _act(gateway, wanted)


def _act(gateway: Gateway, wanted: PersonAction) -> None:
    people = gateway.people
    acts = {
        "make_administrator": people.make_administrator,
        "remove_administrator": people.remove_administrator,
        "disable_user": people.disable,
        "enable_user": people.enable,
        "invite_again": people.invite_again,
    }
    acts[wanted.action](wanted.user)


def _expect_administrators_left(gateway: Gateway, user: str, who: str) -> None:
    """Raise if a user must keep their rights, so that somebody can go on administering.

    The caller's own token may have lost its rights up to 15 minutes ago, so it is not enough that
    nobody changes themselves.
    """
    if _same(user, who):
        raise InvalidInput("user: you cannot take your own rights. Ask another administrator.")
    others = [
        person
        for person in gateway.people.administrators()
        if person.enabled and not _same(person.name, user)
    ]
    if not others:
        raise LastAdministrator(f"{user} is the last administrator. Make somebody else one first.")


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _view(person: Person, *, administrator: bool) -> PersonView:
    return PersonView(
        user=person.name,
        email=person.email,
        administrator=administrator,
        state=_STATES.get(person.status, "active"),
        disabled=not person.enabled,
        created_at=timestamp(person.created_at),
    )
