"""The proxies configured in the environment."""

import importlib.util
import os
import urllib.request
from collections.abc import Sequence
from typing import Final, NamedTuple
from urllib.parse import SplitResult, urlsplit

from websockets.exceptions import InvalidProxy
from websockets.proxy import get_proxy, parse_proxy
from websockets.uri import parse_uri

from spaces_worker._errors import SettingsError

SOCKS: Final = "socks"
_SOCKS_PACKAGE: Final = "python_socks"


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
    found = get_proxy(parse_uri(url))
    own = urlsplit(url).scheme
    # The order in which websockets looks.
    schemes = (own, SOCKS, "https") if own == "wss" else (own, SOCKS, "https", "http")
    if found is None:
        return None
    proxy = _checked(found, schemes)
    if proxy.is_socks and importlib.util.find_spec(_SOCKS_PACKAGE) is None:
        raise SettingsError(
            f"{proxy.variable}: a SOCKS proxy needs an additional package: "
            "pip install 'python-socks[asyncio]'"
        )
    return proxy


def proxy_of_files(url: str) -> Proxy | None:
    """Return the proxy for transfers to this URL; None for direct transfers.

    Raises:
        SettingsError: the proxy URL is invalid.
    """
    parts = urlsplit(url)
    found = urllib.request.getproxies().get(parts.scheme)
    if found is None or urllib.request.proxy_bypass(parts.hostname or ""):
        return None
    return _checked(found, [parts.scheme])


def _checked(found: str, schemes: Sequence[str]) -> Proxy:
    # curl and others accept proxy:3128, so people write it.
    proxy = Proxy(found if "://" in found else f"http://{found}", _variable(schemes))
    try:
        parse_proxy(proxy.url)
        usable = proxy.parts.port != 0
    except (InvalidProxy, ValueError):
        usable = False
    if not usable:
        shown = found.rpartition("@")[2]  # the part before it is a secret
        raise SettingsError(
            f"{proxy.variable}: {shown!r} is not a valid proxy URL (expected http://host:port)."
        )
    return proxy


def _variable(schemes: Sequence[str]) -> str:
    """Return the variable that the standard library reads the proxy of one of the schemes from."""
    names = (name for each in schemes for name in (f"{each}_proxy", f"{each}_proxy".upper()))
    return next((name for name in names if os.environ.get(name)), "The system's proxy settings")
