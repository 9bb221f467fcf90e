"""Worker tokens and API keys as administrators manage them."""

from typing import Any

from msgspec import to_builtins
from msgspec.structs import replace

from spaces.domain.access.credential import Lineage, lineages
from spaces.domain.errors import Busy
from spaces.services.access.issue_credential import (
    Kind,
    issue_credential,
    store_of,
)
from spaces.services.access.revoke_credential import revoke_credential
from spaces.services.access.rotate_credential import rotate_credential
from spaces.services.administration.audited import Change, audited
from spaces.services.administration.close_connections import Closed, close_connections
from spaces.services.administration.space_settings import caller_limits
from spaces.services.administration.view_credentials import (
    view_key,
    view_new_key,
    view_new_token,
    view_token,
)
from spaces.services.ports.gateway import Gateway
from spaces_protocol.admin_bodies import (
    KeyList,
    KeyView,
    NewKey,
    NewToken,
    TokenList,
    TokenView,
)


def list_tokens(gateway: Gateway) -> TokenList:
    """Return all worker tokens, newest first."""
    return TokenList(tokens=[view_token(each) for each in _lineages(gateway, "token")])


def list_keys(gateway: Gateway) -> KeyList:
    """Return all API keys, newest first."""
    return KeyList(keys=[view_key(each) for each in _lineages(gateway, "key")])


def add_token(gateway: Gateway, wanted: NewToken, who: str, socket_url: str) -> TokenView:
    """Create a worker token; its secret is only ever shown in this response.

    Raises:
        UnknownSpace: One of the spaces does not exist.
    """
    planned = Change(after=_terms(wanted))
    with audited(gateway, who, "create_token", ",".join(wanted.spaces), planned) as change:
        issued = issue_credential(
            gateway,
            "token",
            wanted.spaces,
            label=wanted.label,
            expires_in_days=wanted.expires_in_days,
            created_by=who,
        )
        change.after = {"token_id": issued.credential.credential_id, **change.after}
    return view_new_token(issued, socket_url)


def add_key(gateway: Gateway, wanted: NewKey, who: str) -> KeyView:
    """Create an API key; its secret is only ever shown in this response.

    Raises:
        UnknownSpace: One of the spaces does not exist.
    """
    planned = Change(after=_terms(wanted))
    with audited(gateway, who, "create_key", ",".join(wanted.spaces), planned) as change:
        issued = issue_credential(
            gateway,
            "key",
            wanted.spaces,
            label=wanted.label,
            expires_in_days=wanted.expires_in_days,
            limits=caller_limits(wanted.limits),
            created_by=who,
        )
        change.after = {"key_id": issued.credential.credential_id, **change.after}
    return view_new_key(issued)


def _terms(wanted: NewToken | NewKey) -> dict[str, Any]:
    """Return what was asked for, for the audit trail. The spaces are the target of its entry."""
    terms: dict[str, Any] = to_builtins(wanted)
    return {name: value for name, value in terms.items() if name != "spaces"}


def rotate_token(
    gateway: Gateway, token_id: str, overlap_hours: float, who: str, socket_url: str
) -> TokenView:
    """Issue a new secret for a worker token; without overlap, close its connections.

    The new secret is returned even if a connection stays open, because it cannot be shown again.

    Raises:
        NotFound: No valid token has this id.
        UnknownSpace: None of its spaces exists any longer.
    """
    connections = Closed(0, 0)
    planned = Change(after={"overlap_hours": overlap_hours})
    with audited(gateway, who, "rotate_token", token_id, planned) as change:
        issued = rotate_credential(
            gateway, "token", token_id, overlap_hours=overlap_hours, created_by=who
        )
        if overlap_hours == 0:
            connections = close_connections(gateway, token_id, evict=False)
            change.after |= {
                "closed_connections": connections.closed,
                "open_connections": connections.still_open,
            }
    view = view_new_token(issued, socket_url)
    return replace(view, open_connections=connections.still_open)


def rotate_key(gateway: Gateway, key_id: str, overlap_hours: float, who: str) -> KeyView:
    """Issue a new secret for an API key.

    Raises:
        NotFound: No valid key has this id.
        UnknownSpace: None of its spaces exists any longer.
    """
    planned = Change(after={"overlap_hours": overlap_hours})
    with audited(gateway, who, "rotate_key", key_id, planned):
        issued = rotate_credential(
            gateway, "key", key_id, overlap_hours=overlap_hours, created_by=who
        )
    return view_new_key(issued)


def revoke_token(gateway: Gateway, token_id: str, who: str) -> int:
    """Revoke a token and close the connections of its workers. Safe to repeat.

    Returns:
        How many connections were closed.

    Raises:
        NotFound: No token has this id.
        Busy: A connection could not be closed.
    """
    with audited(gateway, who, "revoke_token", token_id) as change:
        revoke_credential(gateway, "token", token_id)
        connections = close_connections(gateway, token_id, evict=True)
        if connections.still_open:
            raise Busy("A connection could not be closed. Try again.", retry_after_seconds=2)
        change.after = {"closed_connections": connections.closed}
    return connections.closed


def revoke_key(gateway: Gateway, key_id: str, who: str) -> None:
    """Revoke a key.

    Raises:
        NotFound: No key has this id.
    """
    with audited(gateway, who, "revoke_key", key_id):
        revoke_credential(gateway, "key", key_id)


def _lineages(gateway: Gateway, kind: Kind) -> list[Lineage]:
    kept = [each.credential for each in store_of(gateway, kind).list()]
    return lineages(kept, gateway.now())
