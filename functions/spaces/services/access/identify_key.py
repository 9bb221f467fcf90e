"""Identifies the calling program by its API key."""

import re
from typing import Final

from spaces.domain.access.caller import Key
from spaces.domain.access.credential import Credential
from spaces.domain.access.quota import MINUTE, CallerLimits
from spaces.domain.errors import Unauthorized
from spaces.services.access.issue_credential import digest_of
from spaces.services.ports.gateway import Gateway
from spaces_protocol.limits import KEY_PREFIX

USE_PRECISION: Final = 60 * MINUTE
"""Precision of the time of last use; a key costs at most one write per hour."""
_SHAPE: Final = re.compile(rf"{KEY_PREFIX}[A-Za-z0-9_-]{{20,100}}")


def identify_key(gateway: Gateway, secret: str) -> Key:
    """Return the key that a secret belongs to.

    Raises:
        Unauthorized: It is not an API key, or no longer valid.
    """
    if not secret.startswith(KEY_PREFIX):
        raise Unauthorized("An API key begins with wsk_. Signed-in users call /v1/me/….")
    digest = digest_of(secret)
    found = gateway.keys.find(digest) if _SHAPE.fullmatch(secret) else None
    if found is None or not found.is_valid(gateway.now()):
        raise Unauthorized(
            "The API key is wrong, has expired or was revoked. Ask an administrator for a new one."
        )
    _record_use(gateway, digest, found)
    return Key(
        found.credential_id,
        found.label,
        found.spaces,
        found.limits or CallerLimits(),
        made_at=found.created_at,
    )


def _record_use(gateway: Gateway, digest: str, found: Credential) -> None:
    now = gateway.now()
    if found.last_used_at is None or now - found.last_used_at >= USE_PRECISION:
        gateway.keys.mark_used(digest, now)
