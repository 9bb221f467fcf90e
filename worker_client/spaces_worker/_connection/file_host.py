"""Limits where a gateway can make its worker fetch files from, and post files to.

A worker trusts its gateway with its answers, but not with the rest of its network: a gateway that
was taken over must not read what only this machine can reach.
"""

import contextlib
import ipaddress
import socket
from enum import StrEnum
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from spaces_worker._errors import TransferError

_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_PORTS: Final = {"http": 80, "https": 443}


class Reach(StrEnum):
    """From where an address can be reached."""

    INTERNET = "the Internet"
    NETWORK = "this machine's own network"
    SEGMENT = "this machine's own network segment"
    MACHINE = "this machine itself"


class Origin(NamedTuple):
    """What two URLs must share to be on the same server."""

    scheme: str
    host: str
    port: int | None


class FileHost:
    """The host of files of one gateway; callable from any thread.

    Args:
        gateway_url: the URL of the gateway. If it begins with ``wss``, files need https and a host
            that the gateway has named.
    """

    def __init__(self, gateway_url: str) -> None:
        self._is_secure = urlsplit(gateway_url).scheme == "wss"
        self._named: Origin | None = None
        self._gateway_reach = Reach.INTERNET

    def gateway_is_at(self, address: str | None) -> None:
        """Set the IP address of the gateway; None if it is not known, as behind a proxy."""
        self._gateway_reach = Reach.INTERNET if address is None else reach_of(address)

    def name(self, url: str | None) -> None:
        """Set the URL that the gateway names for its files; None changes nothing."""
        if url is not None:
            self._named = _origin(url)

    def check_url(self, url: str) -> None:
        """Check a URL that the gateway gave for a file.

        Raises:
            TransferError: the gateway may not use it.
            ConnectionError: the gateway has not named its host of files yet.
        """
        origin, named = _origin(url), self._named
        if origin.scheme not in _PORTS:
            raise TransferError("the URL of a file does not use http or https")
        if self._is_secure and origin.scheme != "https":
            raise TransferError(
                f"the URL of a file, on {origin.host}, does not use https, which a gateway with "
                "wss must use"
            )
        if named is None and self._is_secure:
            raise ConnectionError("the gateway has not named its host of files yet")
        if named is not None and named != origin:
            raise TransferError(
                f"the URL of a file is on {origin.host}:{origin.port}, but the host of files that "
                f"the gateway has named is {named.host}:{named.port}"
            )
        if (address := _literal_address(origin.host)) is not None:
            self.check_address(origin.host, address)

    def check_address(self, host: str, address: str) -> None:
        """Check the IP address of a host before it is contacted.

        Raises:
            TransferError: it is only reachable from here, and the gateway is elsewhere.
        """
        reach = reach_of(address)
        if reach not in {Reach.INTERNET, self._gateway_reach}:
            raise TransferError(
                f"the host of files, {host}, has the address {address}, which is on {reach}; files "
                "are only transferred there if the gateway is there, too"
            )

    def addresses(self, host: str, port: int) -> list[str]:
        """Look up the IP addresses of a host, and check them.

        Raises:
            TransferError: one of them is only reachable from here.
            OSError: there are none.
        """
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
        for address in addresses:
            self.check_address(host, address)
        return addresses

    def connect(self, host: str, port: int, seconds: float) -> socket.socket:
        """Connect to a host once all its addresses are checked.

        Raises:
            TransferError: one of its addresses is only reachable from here.
            OSError: there is no connection.
        """
        addresses = self.addresses(host, port)
        # The addresses are used as they were checked: a name server could answer otherwise now.
        for address in addresses[:-1]:
            with contextlib.suppress(OSError):
                return socket.create_connection((address, port), seconds)
        return socket.create_connection((addresses[-1], port), seconds)


def reach_of(address: str) -> Reach:
    """Return from where an IP address can be reached."""
    ip = _embedded(ipaddress.ip_address(address.partition("%")[0]))
    if ip.is_loopback or ip.is_unspecified:
        return Reach.MACHINE
    if ip.is_link_local or ip.is_multicast:
        return Reach.SEGMENT
    return Reach.INTERNET if ip.is_global else Reach.NETWORK


def _embedded(
    ip: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Return the IPv4 address that an IPv6 address stands for, if it does."""
    if isinstance(ip, ipaddress.IPv4Address):
        return ip
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or ip


def _origin(url: str) -> Origin:
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme)
    except ValueError as error:
        raise TransferError("the URL of a file is invalid") from error
    return Origin(parts.scheme, (parts.hostname or "").rstrip("."), port)


def _literal_address(host: str) -> str | None:
    """Return the IP address that a host is written as, such as ``127.1``; None for a name."""
    if host == "localhost" or host.endswith(".localhost"):
        return "127.0.0.1"
    with contextlib.suppress(ValueError):
        return str(ipaddress.ip_address(host))
    with contextlib.suppress(OSError):
        return socket.inet_ntoa(socket.inet_aton(host))
    return None
