"""Identifies the caller: from the JWT authorizer, an API key, or the network address."""

import hashlib
import hmac
from typing import Any, Final

from spaces.bootstrap import gateway
from spaces.domain.access.caller import Anonymous, Caller, User
from spaces.domain.errors import Unauthorized
from spaces.schema import EDGE_KEY_HEADER
from spaces.services.access.identify_key import identify_key
from spaces.settings import FunctionSettings

_VIEWER: Final = "cloudfront-viewer-address"
_BEARER: Final = "bearer "


def caller_of(event: dict[str, Any]) -> Caller:
    """Return the caller.

    Raises:
        Unauthorized: The call has an invalid credential.
    """
    user = user_of(event)
    if user is not None:
        return user
    headers = _headers(event)
    authorization = headers.get("authorization")
    if authorization is None:
        return Anonymous(_address(event, headers))
    if authorization[: len(_BEARER)].lower() != _BEARER:
        raise Unauthorized("Send an API key as Authorization: Bearer wsk_…, or omit the header.")
    return identify_key(gateway(), authorization[len(_BEARER) :].strip())


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
    """Return the groups of a token; API Gateway passes the list as text such as ``[a b]``."""
    if isinstance(claim, str):
        return frozenset(claim.strip("[]").replace(",", " ").split())
    return frozenset(claim) if isinstance(claim, list) else frozenset()


def _address(event: dict[str, Any], headers: dict[str, str]) -> str:
    """Return a keyed hash of the network address; the address itself is never stored.

    The viewer address from CloudFront is trusted only from our own distribution, which identifies
    itself with a header. For IPv6 only the network counts (RFC 6177: a site has at least a /64).
    """
    key = FunctionSettings.from_environment().edge_key or ""
    address = event["requestContext"]["http"]["sourceIp"]
    viewer = headers.get(_VIEWER)  # address and port
    if viewer and key and _is_equal(headers.get(EDGE_KEY_HEADER, ""), key):
        address = viewer.rpartition(":")[0]
    network = _network(address.strip("[]"))
    return hashlib.blake2b(network.encode(), key=key.encode()[:64], digest_size=12).hexdigest()


def _is_equal(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())


def _network(address: str) -> str:
    if ":" not in address:
        return address
    import ipaddress  # noqa: PLC0415 - most callers come by IPv4

    try:
        return str(ipaddress.ip_network((address, 64), strict=False))
    except ValueError:
        return address


def _headers(event: dict[str, Any]) -> dict[str, str]:
    return {name.lower(): value for name, value in (event.get("headers") or {}).items()}
