"""Changes to users, recorded in the audit trail before and after they are made."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError

from infra.admin.calls import Admin, Refused
from infra.user_pool import UserPool

_NOTHING_CHANGED: Final = ("UserNotFoundException", "UsernameExistsException")
_UNRECORDED: Final = (Refused, BotoCoreError, ClientError)


@dataclass(frozen=True)
class AuditedUserPool:
    """The user pool, with an entry in the gateway's audit trail for each change.

    If the entry cannot be written, the change is not made. No entry contains a password.

    Attributes:
        pool: where the changes are made.
        admin: calls the admin function, which accepts these entries by direct invocation only.
    """

    pool: UserPool
    admin: Admin

    def invite(self, name: str, email: str) -> None:
        """See `UserPool.invite`."""
        with self._audited("create_user", name):
            self.pool.invite(name, email)

    def create(self, name: str, password: str) -> None:
        """See `UserPool.create`."""
        with self._audited("create_user", name):
            self.pool.create(name, password)

    def make_administrator(self, name: str) -> None:
        """See `UserPool.make_administrator`."""
        with self._audited("make_administrator", name):
            self.pool.make_administrator(name)

    def remove_administrator(self, name: str) -> None:
        """See `UserPool.remove_administrator`."""
        with self._audited("remove_administrator", name):
            self.pool.remove_administrator(name)

    def reset_password(self, name: str, password: str) -> None:
        """See `UserPool.reset_password`."""
        with self._audited("reset_password", name):
            self.pool.reset_password(name, password)

    def disable(self, name: str) -> None:
        """See `UserPool.disable`."""
        with self._audited("disable_user", name):
            self.pool.disable(name)

    def enable(self, name: str) -> None:
        """See `UserPool.enable`."""
        with self._audited("enable_user", name):
            self.pool.enable(name)

    @contextmanager
    def _audited(self, action: str, name: str) -> Iterator[None]:
        """Record that a change begins, then how it ended. An interrupted one stays ``begun``."""
        note = {"action": action, "user": name}
        note["note_id"] = self.admin("POST", "/audit/people", note)["note_id"]
        try:
            yield
        except ClientError as error:
            # Otherwise the outcome is unknown: of two steps, the first may have been made.
            if error.response["Error"]["Code"] in _NOTHING_CHANGED:
                with suppress(*_UNRECORDED):
                    self.admin("POST", "/audit/people", {**note, "outcome": "refused"})
            raise
        try:
            self.admin("POST", "/audit/people", {**note, "outcome": "done"})
        except _UNRECORDED as error:
            raise Refused(
                f'The change was made, but its audit entry still says "begun": {error}'
            ) from error
