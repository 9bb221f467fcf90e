"""The audit trail: no administrative change without an entry."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from spaces.domain.errors import Busy, SpaceError
from spaces.services.ports.access_stores import AuditEntry
from spaces.services.ports.gateway import Gateway
from spaces.services.timestamps import timestamp
from spaces_protocol.admin_bodies import AuditList, AuditView


@dataclass
class Change:
    """What a change does, or did; never put a secret here."""

    before: Any = None
    after: Any = None


@contextmanager
def audited(
    gateway: Gateway, who: str, action: str, target: str, planned: Change | None = None
) -> Iterator[Change]:
    """Write an entry before a change, and its outcome after it.

    An entry that cannot be written keeps the change from being made. A function that dies in
    between, or gives up because something is busy, leaves an entry whose outcome is ``begun``:
    something was tried, nobody knows how far it came.

    Args:
        gateway: where the trail is.
        who: the administrator.
        action: what is done.
        target: what it is done to.
        planned: what it is to do, as far as that is known: nobody can tell it later, should this
            function die.

    Yields:
        What the last entry will tell; `planned` unless it is changed.
    """
    entry_id = gateway.random_text()
    change = planned or Change()
    entry = AuditEntry(
        at=gateway.now(),
        who=who,
        action=action,
        target=target,
        before=change.before,
        after=change.after,
    )
    gateway.audit.write(entry, entry_id)
    try:
        yield change
    except Busy:  # a token may be revoked already, and one of its connections not yet closed
        raise
    except SpaceError as refusal:
        outcome = {"outcome": "refused", "before": None, "after": str(refusal.error_type)}
        gateway.audit.write(replace(entry, **outcome), entry_id)
        raise
    done = replace(entry, outcome="done", before=change.before, after=change.after)
    gateway.audit.write(done, entry_id)
    gateway.log_event("administered", who=who, action=action, target=target)


def differences(before: dict[str, Any], after: dict[str, Any]) -> Change:
    """Return what differs between two states."""
    names = [name for name in after if before.get(name) != after[name]]
    return Change(
        before={name: before.get(name) for name in names},
        after={name: after[name] for name in names},
    )


def view_audit(gateway: Gateway, cursor: str | None) -> AuditList:
    """Return changes, the newest first.

    Raises:
        InvalidInput: the cursor is none of ours.
    """
    page = gateway.audit.page(cursor, gateway.now())
    return AuditList(
        entries=[
            AuditView(
                at=timestamp(entry.at),
                who=entry.who,
                action=entry.action,
                target=entry.target,
                outcome=entry.outcome,
                before=entry.before,
                after=entry.after,
            )
            for entry in page.entries
        ],
        next_cursor=page.next_cursor,
    )
