"""Which addresses a webhook may be sent to: those of others, never one inside the gateway."""

import re
from ipaddress import ip_address, ip_network
from typing import Final
from urllib.parse import SplitResult, urlsplit

from spaces.domain.access.caller import Caller, Key
from spaces.domain.errors import InvalidInput, NotAllowed
from spaces_protocol.webhooks import Webhook

MAX_URL_CHARS: Final = 2_000
HTTPS_PORT: Final = 443

_NEVER: Final = tuple(
    ip_network(each)
    for each in (
        "192.0.0.0/24",  # protocol assignments, a cloud's metadata among them (RFC 6890)
        "192.88.99.0/24",  # 6to4 relays (RFC 7526, deprecated)
        "::/96",  # IPv4-compatible (RFC 4291, deprecated)
        "::ffff:0:0/96",  # IPv4-mapped (RFC 4291)
        "::ffff:0:0:0/96",  # IPv4-translated (RFC 2765)
        "64:ff9b::/96",  # NAT64 (RFC 6052)
        "64:ff9b:1::/48",  # local NAT64 (RFC 8215)
        "2001::/23",  # protocol assignments, Teredo among them (RFC 2928)
        "2002::/16",  # 6to4 (RFC 3056)
        "3fff::/20",  # documentation (RFC 9637)
        "5f00::/16",  # segment routing (RFC 9602)
        "fec0::/10",  # site-local (RFC 3879, deprecated)
    )
)
"""What Python versions disagree on, and networks of IPv6 behind which any IPv4 address can hide."""


def may_be_dialled(address: str) -> bool:
    """Tell whether an IP address is one of the public internet.

    The registries "IANA IPv4 Special-Purpose Address Registry" and its twin for IPv6 say which are.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if any(parsed in each for each in _NEVER if each.version == parsed.version):
        return False
    special = parsed.is_multicast or parsed.is_reserved or parsed.is_unspecified
    return parsed.is_global and not special


def is_loopback(address: str) -> bool:
    """Tell whether an IP address is this machine's own."""
    return ip_address(address).is_loopback


def check_webhook(
    webhook: Webhook | None, caller: Caller | None, *, loopback: bool = False
) -> None:
    """Raise unless a caller may ask for a webhook at this address.

    Args:
        webhook: What the caller asks for.
        caller: Who asks.
        loopback: Whether receivers on this machine are allowed: on the local cloud.

    Raises:
        NotAllowed: The caller has no API key, whose holder can check the signature.
        InvalidInput: The address is not a public https address, as far as its text tells. What its
            name resolves to is looked at when the webhook is sent.
    """
    if webhook is None:
        return
    if not webhook.events:
        raise InvalidInput("webhook.events is empty. Name an event, or omit it to get all.")
    if not (loopback and _LOCAL.match(webhook.url)):
        _check_url(webhook.url)
    if not isinstance(caller, Key | None):  # None is the gateway itself
        raise NotAllowed(
            "webhook needs an API key, which signs it. Send one in the header Authorization: "
            "Bearer wsk_…, or omit webhook."
        )


_LOCAL: Final = re.compile(r"http://(localhost|127\.0\.0\.1):\d{1,5}/")


def _check_url(url: str) -> None:
    if len(url) > MAX_URL_CHARS:
        raise InvalidInput(
            f"webhook.url has {len(url):,} characters; the limit is {MAX_URL_CHARS:,}. Shorten it."
        )
    parts = _parts(url)
    if parts.scheme != "https" or not parts.hostname:
        raise InvalidInput(
            "webhook.url must be an https:// address such as https://example.com/in."
        )
    if parts.username is not None or parts.password is not None:
        raise InvalidInput(
            "webhook.url must have no user name or password. Sign-in is by signature."
        )
    if parts.port not in (None, HTTPS_PORT):
        raise InvalidInput("webhook.url must use port 443. Omit the port.")
    if not url.isascii() or not url.isprintable() or " " in url:
        raise InvalidInput("webhook.url must be ASCII. Encode other characters, such as %C3%A9.")
    if "." not in parts.hostname or _looks_like_number(parts.hostname):
        raise InvalidInput("webhook.url must name a public host, such as example.com.")


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port, parts.hostname
    except ValueError as error:
        raise InvalidInput("webhook.url is malformed. Check it.") from error
    return parts


def _looks_like_number(host: str) -> bool:
    """Tell whether a host is an IP address in any notation that a resolver may read.

    The last label of a name is never a number ("URL Standard", "ends in a number checker").
    """
    last = host.rstrip(".").rpartition(".")[2]
    return last.isdecimal() or last.lower().startswith("0x") or ":" in host
