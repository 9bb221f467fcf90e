"""Identifies the caller: from the JWT authorizer, an API key, or the network address."""

import hashlib
from typing import Any, Final

from spaces.bootstrap import gateway
from spaces.domain.access.caller import Anonymous, Caller, User
from spaces.domain.errors import Unauthorized
from spaces.handlers.rest.edge import came_through_edge, edge_key
from spaces.handlers.rest.headers import headers_of
from spaces.services.access.identify_key import identify_key

_VIEWER: Final = "cloudfront-viewer-address"
_BEARER: Final = "bearer "
SITE_PREFIX: Final = 56
"""Bits of an IPv6 address that count. A home is given a /56 (RIPE-690) and could otherwise be 256
callers. A /48 would put up to 65,536 phones of one operator together, who are given a /64 each;
256 of them share a caller, as they share an IPv4 address behind carrier-grade NAT."""


def caller_of(event: dict[str, Any]) -> Caller:
    """Return the caller.

    Raises:
        Unauthorized: The call has an invalid credential.
    """
    user = user_of(event)
    if user is not None:
        return user
    headers = headers_of(event)
    if "authorization" not in headers:
        return Anonymous(address_of(event))
    if headers["authorization"][: len(_BEARER)].lower() != _BEARER:
        raise Unauthorized("Send an API key as Authorization: Bearer wsk_…, or omit the header.")
    return identify_key(gateway(), key_of(event))


def key_of(event: dict[str, Any]) -> str:
    """Return the API key that a call was made with; empty if it was made without one."""
    authorization = headers_of(event).get("authorization", "")
    is_bearer = authorization[: len(_BEARER)].lower() == _BEARER
    return authorization[len(_BEARER) :].strip() if is_bearer else ""


def user_of(event: dict[str, Any]) -> User | None:
    """Return the user whose access token the JWT authorizer checked; None if there was none."""
    authorizer = event["requestContext"].get("authorizer") or {}
    claims = (authorizer.get("jwt") or {}).get("claims")
    if not claims:
        return None
    return User(
        sub=claims["sub"],
        name=claims.get("username") or claims["sub"],
        groups=_groups(claims.get("cognito:groups")),
    )


def signed_in(event: dict[str, Any]) -> User:
    """Return the signed-in user.

    Raises:
        Unauthorized: The caller is not signed in.
    """
    user = user_of(event)
    if user is None:
        raise Unauthorized("Sign in first.")
    return user


def _groups(claim: object) -> frozenset[str]:
    """Return the groups of a token.

    API Gateway passes the list as text such as ``[a b]``. A name may contain commas and brackets
    but no space ("GroupName" of Cognito's CreateGroup), so only spaces separate names, and only
    the outer brackets are not part of one. Anything else is no list: the caller has no group.
    """
    if isinstance(claim, list):
        return frozenset(claim)
    if not isinstance(claim, str) or not (claim.startswith("[") and claim.endswith("]")):
        return frozenset()
    return frozenset(name for name in claim[1:-1].split(" ") if name)


def address_of(event: dict[str, Any]) -> str:
    """Return a keyed hash of the network address; the address itself is never stored.

    The viewer address from CloudFront is trusted only from our own distribution, which identifies
    itself with a header. For IPv6 only the site counts; see `SITE_PREFIX`.
    """
    headers = headers_of(event)
    address = event["requestContext"]["http"]["sourceIp"]
    viewer = headers.get(_VIEWER)  # address and port
    if viewer and came_through_edge(headers):
        address = viewer.rpartition(":")[0]
    network = _network(address.strip("[]"))
    return hashlib.blake2b(
        network.encode(), key=edge_key().encode()[:64], digest_size=12
    ).hexdigest()


def _network(address: str) -> str:
    if ":" not in address:
        return address
    import ipaddress  # noqa: PLC0415 - most callers come by IPv4

    try:
        mapped = ipaddress.IPv6Address(address).ipv4_mapped
        return str(mapped or ipaddress.ip_network((address, SITE_PREFIX), strict=False))
    except ValueError:
        return address
