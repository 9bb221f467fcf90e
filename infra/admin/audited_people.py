"""Changes of people that are in the audit trail: noted before they are made, and after."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError

from infra.admin.calls import Admin, Refused
from infra.user_pool import UserPool

_NOTHING_CHANGED: Final = ("UserNotFoundException", "UsernameExistsException")
_UNTOLD: Final = (Refused, BotoCoreError, ClientError)


@dataclass(frozen=True)
class NotedPeople:
    """The user pool, with a note in the gateway's audit trail for each change.

    A note that is refused keeps the change from being made. No note holds a password.

    Attributes:
        pool: where the changes are made.
        admin: the admin function; notes are taken by direct invocation only.
    """

    pool: UserPool
    admin: Admin

    def invite(self, name: str, email: str) -> None:
        """As `UserPool.invite`."""
        with self._noted("create_user", name):
            self.pool.invite(name, email)

    def create(self, name: str, password: str) -> None:
        """As `UserPool.create`."""
        with self._noted("create_user", name):
            self.pool.create(name, password)

    def make_administrator(self, name: str) -> None:
        """As `UserPool.make_administrator`."""
        with self._noted("make_administrator", name):
            self.pool.make_administrator(name)

    def remove_administrator(self, name: str) -> None:
        """As `UserPool.remove_administrator`."""
        with self._noted("remove_administrator", name):
            self.pool.remove_administrator(name)

    def reset_password(self, name: str, password: str) -> None:
        """As `UserPool.reset_password`."""
        with self._noted("reset_password", name):
            self.pool.reset_password(name, password)

    def disable(self, name: str) -> None:
        """As `UserPool.disable`."""
        with self._noted("disable_user", name):
            self.pool.disable(name)

    def enable(self, name: str) -> None:
        """As `UserPool.enable`."""
        with self._noted("enable_user", name):
            self.pool.enable(name)

    @contextmanager
    def _noted(self, action: str, name: str) -> Iterator[None]:
        """Note that a change begins, then how it ended; one that is cut off stays ``begun``."""
        note = {"action": action, "user": name}
        note["note_id"] = self.admin("POST", "/audit/people", note)["note_id"]
        try:
            yield
        except ClientError as error:
            # Else nobody knows: a change may have two steps, and the first may have been made.
            if error.response["Error"]["Code"] in _NOTHING_CHANGED:
                with suppress(*_UNTOLD):
                    self.admin("POST", "/audit/people", {**note, "outcome": "refused"})
            raise
        try:
            self.admin("POST", "/audit/people", {**note, "outcome": "done"})
        except _UNTOLD as error:
            raise Refused(
                f"It was done, but the audit trail shows it as begun only: {error}"
            ) from error
