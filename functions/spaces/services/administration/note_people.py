"""Notes changes of people, which are made in the user pool and not here."""

from types import MappingProxyType
from typing import Any, Final

from spaces.domain.errors import InvalidInput
from spaces.domain.quota import DAY
from spaces.services.access_stores import AuditEntry
from spaces.services.gateway import Gateway
from spaces_protocol.admin_bodies import NotedChange, PeopleAction, PeopleNote

_AFTER: Final[MappingProxyType[PeopleAction, dict[str, Any]]] = MappingProxyType(
    {
        "make_administrator": {"administrator": True},
        "remove_administrator": {"administrator": False},
        "disable_user": {"shut_out": True},
        "enable_user": {"shut_out": False},
    }
)
"""What is told of a change; of the others only that it was made: there is nothing but secrets."""


def note_people(gateway: Gateway, note: PeopleNote, who: str) -> NotedChange:
    """Write that a change of a person begins, or, under the same id, how it ended.

    Raises:
        InvalidInput: an outcome without the note of its beginning, or of long ago.
    """
    note_id = note.note_id or _new_id(gateway, note)
    at, _, entry_id = note_id.partition("#")
    if not 0 <= gateway.now() - int(at) <= DAY:
        raise InvalidInput("note_id: it is none of a change that has just begun.")
    after = None if note.outcome == "refused" else _AFTER.get(note.action)
    entry = AuditEntry(
        at=int(at), who=who, action=note.action, target=note.user, outcome=note.outcome, after=after
    )
    gateway.audit.write(entry, entry_id)
    if note.outcome == "done":
        gateway.report("administered", who=who, action=note.action, target=note.user)
    return NotedChange(note_id=note_id)


def _new_id(gateway: Gateway, note: PeopleNote) -> str:
    if note.outcome != "begun":
        raise InvalidInput("note_id: say which change ended so; note its beginning first.")
    return f"{gateway.now():014d}#{gateway.random_text()}"
