"""Protocols of the stores for access and administration."""

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from msgspec import Struct

from spaces.domain.access.credential import Credential
from spaces.domain.access.quota import Quota
from spaces.domain.request import Request


class StoredCredential(NamedTuple):
    """A credential, and the hash of its secret under which it is stored."""

    digest: str
    credential: Credential


class LineageStore(Protocol):
    """The secrets of each worker token or API key by id; reads are strongly consistent."""

    def add(self, credential_id: str, digest: str, expires_at: int | None) -> bool:
        """List a stored secret under its id; False if the id has been revoked.

        Args:
            credential_id: The id.
            digest: The hash of the secret.
            expires_at: When this secret expires; none of the listed ones expires later.
        """

    def digests(self, credential_id: str) -> frozenset[str]:
        """Return the hashes of all secrets."""

    def revoke(self, credential_id: str, now: int) -> frozenset[str]:
        """Accept no further secrets, and return the hashes of all existing ones."""

    def remove(self, credential_id: str, digests: frozenset[str]) -> None:
        """Remove the hashes of secrets that no longer exist."""


class CredentialStore(Protocol):
    """Worker tokens, or API keys, by the hash of the secret."""

    @property
    def lineages(self) -> LineageStore:
        """The store that groups secrets by id."""

    def put(self, digest: str, credential: Credential) -> None:
        """Store a new credential under its hash."""

    def find(self, digest: str) -> Credential | None:
        """Return the credential with this hash, strongly consistent."""

    def list(self) -> list[StoredCredential]:
        """Read all credentials, eventually consistent."""

    def mark_used(self, digest: str, now: int) -> Credential | None:
        """Record its use and return it; None if it does not exist."""

    def count_handshake(self, digest: str, now: int) -> Credential | None:
        """Record its use for one more connection and return it; None if it does not exist."""

    def revoke(self, digest: str, now: int) -> None:
        """Revoke it."""

    def narrow(self, digest: str, spaces: frozenset[str]) -> None:
        """Restrict it to these spaces."""

    def replace_by_another(self, digest: str, *, now: int, good_until: int) -> None:
        """Record that another secret replaced it, and limit its validity to that time.

        A secret that ends earlier does not change.
        """


class VersionedQuota(NamedTuple):
    """A quota with its version; version 0 if nothing is stored."""

    quota: Quota
    version: int = 0


class QuotaConflict(Exception):
    """The quota changed since it was read.

    Attributes:
        current: The quota as it is stored now.
    """

    def __init__(self, current: VersionedQuota) -> None:
        super().__init__()
        self.current = current


class QuotaStore(Protocol):
    """What callers have used: one small item per caller and space, or per API key."""

    def read(self, scope: str) -> VersionedQuota:
        """Read a quota, eventually consistent."""

    def swap(self, scope: str, before: VersionedQuota, after: Quota, *, now: int) -> None:
        """Write a quota if it has not changed since it was read.

        Raises:
            QuotaConflict: It has changed.
        """


class FoundRequests(NamedTuple):
    """Requests, and how many more there are that cannot be read."""

    requests: list[Request]
    unreadable: int


class HistoryPage(NamedTuple):
    """Requests, newest first, and the cursor of the next page; None after the last.

    Attributes:
        unreadable: How many more there are that cannot be read.
    """

    requests: list[Request]
    next_cursor: str | None
    unreadable: int = 0


class RequestHistory(Protocol):
    """Lists of requests."""

    def read_many(self, space_id: str, tickets: Sequence[int]) -> FoundRequests:
        """Read the requests that exist, without results, eventually consistent."""

    def of_owner(self, owner: str, cursor: str | None) -> HistoryPage:
        """Read the requests of one owner, eventually consistent.

        Raises:
            InvalidInput: The cursor is not valid.
        """

    def files_beside(self, request: Request) -> list[str]:
        """Return the keys of files that hold its input or result, if they are that large."""

    def remove(self, request: Request, now: int) -> None:
        """Replace an ended request with a tombstone and delete its payload items."""


class AuditEntry(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One administrative change.

    Attributes:
        at: Milliseconds since 1970.
        who: The administrator's name; ``cli:`` and a name for the command line.
        outcome: ``begun`` if the function ended before it could record the outcome.
    """

    at: int
    who: str
    action: str
    target: str
    outcome: str = "begun"
    before: Any = None
    after: Any = None


class AuditPage(NamedTuple):
    """Entries, newest first, and the cursor of the next page; None after the last."""

    entries: list[AuditEntry]
    next_cursor: str | None


class AuditStore(Protocol):
    """The audit trail."""

    def write(self, entry: AuditEntry, entry_id: str) -> None:
        """Write an entry, or overwrite it with its outcome."""

    def end(self, begun: AuditEntry, ended: AuditEntry, entry_id: str) -> bool:
        """Overwrite the entry of a change that began with its outcome; False if there is none."""

    def page(self, cursor: str | None, now: int) -> AuditPage:
        """Read entries, newest first."""
