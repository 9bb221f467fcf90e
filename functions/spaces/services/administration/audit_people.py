"""Audits changes to user accounts, which the command line makes in the user pool."""

from msgspec.structs import replace

from spaces.domain.errors import InvalidInput
from spaces.services.administration.manage_people import AFTER
from spaces.services.ports.access_stores import AuditEntry
from spaces.services.ports.gateway import Gateway
from spaces_protocol.admin_bodies import AuditedChange, PeopleChange


def audit_people(gateway: Gateway, note: PeopleChange, who: str) -> AuditedChange:
    """Write that a change to a user account begins or, under the same id, how it ended.

    Raises:
        InvalidInput: An outcome without an entry for its beginning, or for another change.
    """
    if (note.outcome == "begun") != (note.note_id is None):
        raise InvalidInput(
            "note_id: required for an outcome and not allowed for the beginning of a change."
        )
    if note.note_id is None:
        return _begin(gateway, note, who)
    at, _, entry_id = note.note_id.partition("#")
    begun = _begun(note, who, int(at))
    after = None if note.outcome == "refused" else begun.after
    ended = replace(begun, outcome=note.outcome, after=after)
    if not gateway.audit.end(begun, ended, entry_id):
        raise InvalidInput("note_id: no such change to this user has begun.")
    if note.outcome == "done":
        gateway.log_event("administered", who=who, action=note.action, target=note.user)
    return AuditedChange(note_id=note.note_id)


def _begin(gateway: Gateway, note: PeopleChange, who: str) -> AuditedChange:
    now, entry_id = gateway.now(), gateway.random_text()
    gateway.audit.write(_begun(note, who, now), entry_id)
    return AuditedChange(note_id=f"{now:014d}#{entry_id}")


def _begun(note: PeopleChange, who: str, at: int) -> AuditEntry:
    after = AFTER.get(note.action)
    return AuditEntry(
        at=at, who=who, action=note.action, target=note.user, outcome="begun", after=after
    )
