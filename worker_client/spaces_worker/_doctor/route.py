"""The route to the gateway: direct or through a proxy, and which certificates are trusted."""

import ssl
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from spaces_worker._doctor.checks import Check, CheckStatus
from spaces_worker._environment.certificates import authorities, tls_context
from spaces_worker._environment.proxies import Proxy, proxy_of_files, proxy_of_socket
from spaces_worker._settings import Settings

_PORTS: Final = MappingProxyType(
    {"wss": 443, "https": 443, "ws": 80, "http": 80, "socks5": 1080, "socks5h": 1080}
)
_ENCRYPTED: Final = frozenset({"wss", "https"})


@dataclass(frozen=True, slots=True)
class Route:
    """Where this machine connects to first.

    Attributes:
        host: the gateway's, or the proxy's.
        port: likewise.
        proxy: what stands between; None if nothing does.
        tls: checks certificates; None if the connection is not encrypted.
        authority: whose certificates count, in words.
    """

    host: str
    port: int
    proxy: Proxy | None
    tls: ssl.SSLContext | None
    authority: str

    def check(self) -> Check:
        """Return the route as a check."""
        path = (
            f"through the proxy {self.host}:{self.port} from {self.proxy.variable}"
            if self.proxy
            else "directly"
        )
        trust = "" if self.tls is None else f"; certificates of {self.authority}"
        return Check("way", CheckStatus.OK, f"{path}{trust}")


def route_of(settings: Settings) -> Route:
    """Return the route of this worker's connection.

    Raises:
        SettingsError: the proxy, or the file of an own authority, cannot be used.
    """
    return _route(settings.url, proxy_of_socket(settings.url), settings)


def route_of_files(url: str, settings: Settings) -> Route:
    """Return the route of files from that URL.

    Raises:
        SettingsError: the proxy, or the file of an own authority, cannot be used.
    """
    return _route(url, proxy_of_files(url), settings)


def _route(url: str, proxy: Proxy | None, settings: Settings) -> Route:
    target = urlsplit(url)
    first = target if proxy is None else proxy.parts
    return Route(
        host=first.hostname or "",
        port=first.port or _PORTS.get(first.scheme, 443),
        proxy=proxy,
        tls=tls_context(settings.ca_file) if target.scheme in _ENCRYPTED else None,
        authority=authorities(settings.ca_file),
    )
