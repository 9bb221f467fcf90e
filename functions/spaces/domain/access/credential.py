"""Worker tokens and API keys as stored; the secret itself is never stored."""

from typing import Final, Literal

from msgspec import Struct

from spaces.domain.access.quota import DAY, MINUTE, CallerLimits
from spaces_protocol.limits import MAX_HANDSHAKES_PER_HOUR

RETENTION_AFTER_END: Final = 30 * DAY
"""How long an expired or revoked credential stays in the lists."""

HOUR: Final = 60 * MINUTE

CredentialState = Literal["active", "expired", "revoked", "rotating"]


class Credential(Struct, frozen=True, kw_only=True):
    """One secret of a worker token or an API key; times are in milliseconds since 1970.

    Attributes:
        credential_id: Shared by all secrets that replaced one another.
        spaces: The only spaces that the secret is valid for.
        expires_at: When it stops being valid; None if never.
        limits: The limits of an API key.
        replaced_at, revoked_at, last_used_at: None if it never was.
        handshake_hour: The last hour in which a worker connected with it, counted since 1970.
        handshakes: Connections in that hour.
    """

    credential_id: str
    spaces: frozenset[str]
    label: str
    created_at: int
    created_by: str = ""
    expires_at: int | None = None
    limits: CallerLimits | None = None
    replaced_at: int | None = None
    revoked_at: int | None = None
    last_used_at: int | None = None
    handshake_hour: int = 0
    handshakes: int = 0

    def may_connect(self, now: int) -> bool:
        """Tell whether the handshakes that it counts are within the limit of this hour."""
        return self.handshake_hour != now // HOUR or self.handshakes <= MAX_HANDSHAKES_PER_HOUR

    def is_valid(self, now: int) -> bool:
        """Tell whether the secret grants access."""
        if self.revoked_at is not None:
            return False
        return self.expires_at is None or now < self.expires_at


class Lineage(Struct, frozen=True, kw_only=True):
    """A token or key as administrators see it: its newest secret and the state of all.

    Attributes:
        newest: The secret made last.
        last_used_at: The last use of any of its secrets.
    """

    newest: Credential
    state: CredentialState
    last_used_at: int | None


def lineages(credentials: list[Credential], now: int) -> list[Lineage]:
    """Return tokens or keys, newest first."""
    by_id: dict[str, list[Credential]] = {}
    for credential in sorted(credentials, key=lambda each: each.created_at, reverse=True):
        by_id.setdefault(credential.credential_id, []).append(credential)
    return [_lineage(secrets, now) for secrets in by_id.values()]


def _lineage(secrets: list[Credential], now: int) -> Lineage:
    used = [each.last_used_at for each in secrets if each.last_used_at is not None]
    return Lineage(
        newest=secrets[0], state=_state(secrets, now), last_used_at=max(used, default=None)
    )


def _state(secrets: list[Credential], now: int) -> CredentialState:
    if secrets[0].revoked_at is not None:
        return "revoked"
    if not secrets[0].is_valid(now):
        return "expired"
    return "rotating" if any(old.is_valid(now) for old in secrets[1:]) else "active"
