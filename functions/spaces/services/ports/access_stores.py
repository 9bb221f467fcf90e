"""What access and administration need from outside, as small protocols."""

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from msgspec import Struct

from spaces.domain.access.credential import Credential
from spaces.domain.access.quota import Quota
from spaces.domain.request import Request


class KeptCredential(NamedTuple):
    """A credential, and the hash of its secret under which it is kept."""

    digest: str
    credential: Credential


class LineageStore(Protocol):
    """Which secrets each worker token or API key has had, by its id; always as it is now."""

    def enrol(self, credential_id: str, digest: str, expires_at: int | None) -> bool:
        """Count a stored secret among those of its id; False if that has been revoked.

        Args:
            expires_at: of the secret, which is the last of them to end.
        """

    def digests(self, credential_id: str) -> frozenset[str]:
        """Return the hashes of all secrets."""

    def revoke(self, credential_id: str, now: int) -> frozenset[str]:
        """Take no further secret, and return the hashes of all that there are."""

    def forget(self, credential_id: str, digests: frozenset[str]) -> None:
        """Remember secrets no more that are kept nowhere."""


class CredentialStore(Protocol):
    """Worker tokens, or API keys, by the hash of the secret."""

    @property
    def lineages(self) -> LineageStore:
        """What holds the secrets of one id together."""

    def put(self, digest: str, credential: Credential) -> None:
        """Store a new one under its hash."""

    def find(self, digest: str) -> Credential | None:
        """Return the one of that hash as it is now."""

    def list(self) -> list[KeptCredential]:
        """Read all of them; may be a moment old."""

    def mark_used(self, digest: str, now: int) -> Credential | None:
        """Note that it was used; returns it as it is now, None if there is none."""

    def revoke(self, digest: str, now: int) -> None:
        """Let it be good no more."""

    def narrow(self, digest: str, spaces: frozenset[str]) -> None:
        """Let it be good for these spaces only."""

    def replace_by_another(self, digest: str, *, now: int, good_until: int) -> None:
        """Note that another secret took its place, and until when it is good at most.

        One that is to end earlier stays as it is.
        """


class VersionedQuota(NamedTuple):
    """A quota as it was read; version 0 if nothing is kept."""

    quota: Quota
    version: int = 0


class QuotaConflict(Exception):
    """Somebody else counted since the quota was read.

    Attributes:
        current: as it is kept now.
    """

    def __init__(self, current: VersionedQuota) -> None:
        super().__init__()
        self.current = current


class QuotaStore(Protocol):
    """What callers have used up, one small item a caller and space (or key)."""

    def read(self, scope: str) -> VersionedQuota:
        """Read a quota; may be a moment old."""

    def swap(self, scope: str, before: VersionedQuota, after: Quota, *, now: int) -> None:
        """Write a quota if nobody else has since it was read.

        Raises:
            QuotaConflict: somebody has.
        """


class HistoryPage(NamedTuple):
    """Requests, the newest first, and where the next page begins; None after the last."""

    requests: list[Request]
    next_cursor: str | None


class RequestHistory(Protocol):
    """Requests as lists, away from the way of a single one."""

    def read_many(self, space_id: str, tickets: Sequence[int]) -> list[Request]:
        """Read those requests of a space that are there, without their answers; may be old."""

    def of_owner(self, owner: str, cursor: str | None) -> HistoryPage:
        """Read requests of one owner; may be a moment old.

        Raises:
            InvalidInput: the cursor is none of ours.
        """

    def files_beside(self, request: Request) -> list[str]:
        """Return the keys of the files in which its input or answer lies, if it is that long."""

    def remove(self, request: Request, now: int) -> None:
        """Bury a request that has ended, and delete what is kept beside it in the table."""


class AuditEntry(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One administrative change.

    Attributes:
        at: milliseconds since 1970.
        who: the administrator's name; ``cli:`` and a name for the command line.
        outcome: ``begun`` if the function died before it could say.
    """

    at: int
    who: str
    action: str
    target: str
    outcome: str = "begun"
    before: Any = None
    after: Any = None


class AuditPage(NamedTuple):
    """Entries, the newest first, and where the next page begins; None after the last."""

    entries: list[AuditEntry]
    next_cursor: str | None


class AuditStore(Protocol):
    """The audit trail."""

    def write(self, entry: AuditEntry, entry_id: str) -> None:
        """Write an entry, or write it again with its outcome."""

    def end(self, begun: AuditEntry, ended: AuditEntry, entry_id: str) -> bool:
        """Put an outcome over the entry that told of the beginning; False if there is none."""

    def page(self, cursor: str | None, now: int) -> AuditPage:
        """Read entries, the newest first."""
