"""Worker tokens and API keys in the form of the API."""

from typing import Any

from spaces.domain.access.credential import Credential, Lineage
from spaces.services.access.issue_credential import Issued
from spaces.services.administration.space_settings import limits_of
from spaces.services.timestamps import timestamp, timestamp_or_none
from spaces_protocol.admin_bodies import KeyView, Limits, TokenView


def view_token(lineage: Lineage) -> TokenView:
    """Return a worker token without its secret."""
    return TokenView(token_id=lineage.newest.credential_id, **_shared(lineage))


def view_key(lineage: Lineage) -> KeyView:
    """Return an API key without its secret."""
    newest = lineage.newest
    limits = limits_of(newest.limits, Limits)
    return KeyView(key_id=newest.credential_id, limits=limits, **_shared(lineage))


def view_new_token(issued: Issued, socket_url: str) -> TokenView:
    """Return a token with its secret and the command that connects a worker.

    The token is passed in the environment, because other users of a machine can read command
    lines.
    """
    spaces = ",".join(sorted(issued.credential.spaces))
    command = f"spaces-worker run --url {socket_url} --spaces {spaces}"
    return TokenView(
        token_id=issued.credential.credential_id,
        token=issued.secret,
        command=f"SPACES_TOKEN={issued.secret} {command} --function my_model.py:answer",
        **_shared(_fresh(issued.credential)),
    )


def view_new_key(issued: Issued) -> KeyView:
    """Return a key with its secret."""
    return KeyView(
        key_id=issued.credential.credential_id,
        key=issued.secret,
        limits=limits_of(issued.credential.limits, Limits),
        **_shared(_fresh(issued.credential)),
    )


def _fresh(credential: Credential) -> Lineage:
    return Lineage(newest=credential, state="active", last_used_at=None)


def _shared(lineage: Lineage) -> dict[str, Any]:
    newest = lineage.newest
    return {
        "label": newest.label,
        "spaces": sorted(newest.spaces),
        "state": lineage.state,
        "created_at": timestamp(newest.created_at),
        "created_by": newest.created_by,
        "expires_at": timestamp_or_none(newest.expires_at),
        "last_used_at": timestamp_or_none(lineage.last_used_at),
    }
