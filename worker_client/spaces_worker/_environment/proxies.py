"""The proxies configured in the environment, by one rule for connection, files and servers."""

import importlib.util
import ipaddress
import os
import re
import urllib.request
from collections.abc import Sequence
from types import MappingProxyType
from typing import Final, NamedTuple
from urllib.parse import SplitResult, urlsplit

from websockets.exceptions import InvalidProxy
from websockets.proxy import parse_proxy

from spaces_worker._environment.values import shown_url, unquoted
from spaces_worker._errors import SettingsError

SOCKS: Final = "socks"
_ALL: Final = "all"
_PORTS: Final = MappingProxyType({"ws": 80, "http": 80, "wss": 443, "https": 443})
_SYSTEM: Final = "The system's proxy settings"


class Proxy(NamedTuple):
    """A proxy between this machine and the gateway.

    Attributes:
        url: its complete URL.
        variable: the environment variable that configures it.
    """

    url: str
    variable: str

    @property
    def parts(self) -> SplitResult:
        """The parts of its URL."""
        return urlsplit(self.url)

    @property
    def is_socks(self) -> bool:
        """Whether it is a SOCKS proxy rather than an HTTP proxy."""
        return self.url.startswith(SOCKS)


def proxy_of_socket(url: str) -> Proxy | None:
    """Return the proxy for a connection to this URL; None for a direct connection.

    Raises:
        SettingsError: the proxy URL is invalid, or the proxy cannot be used on this machine.
    """
    own = urlsplit(url).scheme
    # The order in which websockets looks, and ALL_PROXY last, as curl does.
    schemes = (own, SOCKS, "https") if own == "wss" else (own, SOCKS, "https", "http")
    proxy = _proxy_for(url, (*schemes, _ALL))
    _check_socks(proxy, "python_socks", "python-socks[asyncio]")
    return proxy


def proxy_of_server(url: str) -> Proxy | None:
    """Return the proxy for requests to a model's server; None for direct requests.

    Raises:
        SettingsError: the proxy URL is invalid, or the proxy cannot be used on this machine.
    """
    proxy = _proxy_for(url, (urlsplit(url).scheme, _ALL))
    _check_socks(proxy, "socksio", "httpx[socks]")
    return proxy


def proxy_of_files(url: str) -> Proxy | None:
    """Return the proxy for transfers to this URL; None for direct transfers.

    Raises:
        SettingsError: the proxy URL is invalid.
    """
    return _proxy_for(url, (urlsplit(url).scheme, _ALL))


def _proxy_for(url: str, schemes: Sequence[str]) -> Proxy | None:
    proxies = urllib.request.getproxies()
    parts = urlsplit(url)
    host = parts.hostname or ""
    if _is_excluded(host, parts.port or _PORTS[parts.scheme], proxies):
        return None
    for scheme in schemes:
        found = unquoted(proxies.get(scheme, ""))
        if found:
            return _checked(_normal(found, scheme), _variable(scheme))
    return None


def _is_excluded(host: str, port: int, proxies: dict[str, str]) -> bool:
    if not urllib.request.getproxies_environment():
        return bool(urllib.request.proxy_bypass(host))  # the settings of macOS and Windows
    return matches_no_proxy(host, port, proxies.get("no", ""))


def matches_no_proxy(host: str, port: int, no_proxy: str) -> bool:
    """Whether NO_PROXY excludes a host.

    Its entries are separated by commas or spaces. An entry is ``*``, a name (which includes its
    subdomains, with or without ``.`` or ``*.`` before it), an address, or a network such as
    ``10.0.0.0/8`` or ``fd07::/64``. A port may follow a name or an address.
    """
    host = host.lower().rstrip(".")
    entries = re.split(r"[,\s]+", unquoted(no_proxy).lower())
    return any(_matches(host, port, unquoted(entry)) for entry in entries)


def _matches(host: str, port: int, entry: str) -> bool:
    entry = entry.rpartition("://")[2]
    if entry in {"", "*"}:
        return entry == "*"
    if _is_network(entry):
        return _is_within(host, entry)
    name, its_port = _name_and_port(entry)
    if its_port and its_port != str(port):
        return False
    if _is_network(name):
        return _is_within(host, name)
    name = name.removeprefix("*").strip(".")
    return bool(name) and (host == name or host.endswith(f".{name}"))


def _name_and_port(entry: str) -> tuple[str, str]:
    name, port = re.fullmatch(r"(\[[^\]]*\]|.*?)(?::(\d+))?/?", entry, re.DOTALL).groups()  # type: ignore[union-attr]  # always matches
    return name.strip("[]"), port or ""


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _is_within(host: str, network: str) -> bool:
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False


def _normal(found: str, scheme: str) -> str:
    if "://" not in found:  # curl and others accept proxy:3128, so people write it
        return f"{'socks5h' if scheme == SOCKS else 'http'}://{found}"
    kind, _, rest = found.partition("://")
    # Desktops write socks:// for SOCKS 5; the system's settings write http:// for SOCKS, too.
    if kind.lower() == SOCKS or (scheme == SOCKS and kind == "http"):
        return f"socks5h://{rest}"
    return found


def _checked(url: str, variable: str) -> Proxy:
    proxy = Proxy(url, variable)
    try:
        parse_proxy(url)
        usable = proxy.parts.port != 0
    except (InvalidProxy, ValueError):
        usable = False
    if not usable:
        raise SettingsError(
            f"{variable}: {shown_url(url)!r} is not a valid proxy URL (expected http://host:port)."
        )
    return proxy


def _check_socks(proxy: Proxy | None, module: str, package: str) -> None:
    if proxy is not None and proxy.is_socks and importlib.util.find_spec(module) is None:
        raise SettingsError(
            f"{proxy.variable}: a SOCKS proxy needs an additional package: "
            f"pip install '{package}'. To connect without the proxy, add the host to NO_PROXY."
        )


def _variable(scheme: str) -> str:
    """Return the variable that the standard library reads the proxy of a scheme from."""
    name = f"{scheme}_proxy"
    if os.environ.get(name):
        return name
    set_names = (each for each, value in os.environ.items() if value)
    return next((each for each in set_names if each.lower() == name), _SYSTEM)
