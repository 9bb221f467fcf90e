"""The way to the gateway: directly or by a proxy, and whose certificates count on it."""

import os
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from websockets.proxy import get_proxy
from websockets.uri import parse_uri

from spaces_worker._findings import Finding, Health
from spaces_worker._settings import Settings

SOON: Final = timedelta(days=14)
_PORTS: Final = {"wss": 443, "https": 443, "ws": 80, "http": 80, "socks5": 1080, "socks5h": 1080}


@dataclass(frozen=True, slots=True)
class Route:
    """Where this machine connects to first.

    Attributes:
        host: the gateway's, or the proxy's.
        port: likewise.
        secure: whether the link is encrypted.
        proxied: whether a proxy stands between.
        authority: what certificates are checked against.
    """

    host: str
    port: int
    secure: bool
    proxied: bool
    authority: str

    def finding(self) -> Finding:
        """Return what a person should know of it."""
        way = f"by the proxy {self.host}:{self.port}" if self.proxied else "directly"
        trust = f"; certificates of {self.authority}" if self.secure else ""
        return Finding("way", Health.WELL, f"{way}{trust}")


def route_of(settings: Settings) -> Route:
    """Return the way that a link of this worker takes."""
    secure = urlsplit(settings.url).scheme == "wss"
    proxy = get_proxy(parse_uri(settings.url))
    first = urlsplit(proxy or settings.url)
    return Route(
        host=first.hostname or "",
        port=first.port or _PORTS.get(first.scheme, 443),
        secure=secure,
        proxied=proxy is not None,
        authority=_authority(),
    )


def _authority() -> str:
    return os.environ.get("SSL_CERT_FILE") or "the system"


def tls_context(_settings: Settings) -> ssl.SSLContext:
    """Return what a link of this worker checks certificates with."""
    return ssl.create_default_context()


def certificate_finding(link: ssl.SSLObject, now: datetime) -> Finding:
    """Return until when the gateway's certificate is good."""
    certificate = link.getpeercert() or {}
    until = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
    text = f"{link.version()}, certificate good until {until:%Y-%m-%d}"
    if until - now < SOON:
        advice = "Tell the gateway's administrator."
        return Finding("encryption", Health.WARNING, f"{text}, which is soon", advice)
    return Finding("encryption", Health.WELL, text)
