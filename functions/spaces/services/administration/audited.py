"""The audit trail: every administrative change has an entry."""

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
    """What a change does or did. Never put a secret here."""

    before: Any = None
    after: Any = None


@contextmanager
def audited(
    gateway: Gateway, who: str, action: str, target: str, planned: Change | None = None
) -> Iterator[Change]:
    """Write an entry before a change, and its outcome after it.

    If the entry cannot be written, the change is not made. A function that crashes in between, or
    gives up because something is busy, leaves an entry with the outcome ``begun``: something was
    tried, and how far it got is unknown.

    Args:
        gateway: Access to the outside.
        who: The administrator.
        action: What is done.
        target: What it is done to.
        planned: What the change is meant to do, as far as known, in case this function crashes.

    Yields:
        What the last entry will contain: `planned`, unless it is modified.
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
    except Busy:  # a token may be revoked already with one of its connections still open
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
    """Return changes, newest first.

    Raises:
        InvalidInput: The cursor is not valid.
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
