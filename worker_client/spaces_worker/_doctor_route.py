"""The way to the gateway: directly or by a proxy, and whose certificates count on it."""

import os
import ssl
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from websockets.proxy import get_proxy
from websockets.uri import parse_uri

from spaces_worker._certificates import tls_context
from spaces_worker._findings import Finding, Health
from spaces_worker._settings import Settings

_PORTS: Final = MappingProxyType(
    {"wss": 443, "https": 443, "ws": 80, "http": 80, "socks5": 1080, "socks5h": 1080}
)


@dataclass(frozen=True, slots=True)
class Route:
    """Where this machine connects to first.

    Attributes:
        host: the gateway's, or the proxy's.
        port: likewise.
        proxied: whether a proxy stands between.
        tls: what certificates are checked with; None if the link is not encrypted.
        authority: whose certificates count, in words.
    """

    host: str
    port: int
    proxied: bool
    tls: ssl.SSLContext | None
    authority: str

    def finding(self) -> Finding:
        """Return what a person should know of it."""
        way = f"by the proxy {self.host}:{self.port}" if self.proxied else "directly"
        trust = "" if self.tls is None else f"; certificates of {self.authority}"
        return Finding("way", Health.WELL, f"{way}{trust}")


def route_of(settings: Settings) -> Route:
    """Return the way that a link of this worker takes.

    Raises:
        SettingsError: the file of an own authority cannot be used.
    """
    proxy = get_proxy(parse_uri(settings.url))
    first = urlsplit(proxy or settings.url)
    return Route(
        host=first.hostname or "",
        port=first.port or _PORTS.get(first.scheme, 443),
        proxied=proxy is not None,
        tls=tls_context(settings) if urlsplit(settings.url).scheme == "wss" else None,
        authority=_authority(settings),
    )


def _authority(settings: Settings) -> str:
    system = os.environ.get("SSL_CERT_FILE") or "the system"
    return system if settings.ca_file is None else f"{system} and {settings.ca_file}"
