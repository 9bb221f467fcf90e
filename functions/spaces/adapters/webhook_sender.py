"""Sends webhooks over HTTPS to public addresses only."""

import socket
from collections.abc import Callable, Iterable
from threading import Thread
from typing import Any, Final
from urllib.parse import urlsplit

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.exceptions import HTTPError

from spaces.domain.timing import SECOND
from spaces.domain.webhook_delivery import Outcome
from spaces.domain.webhooks.address import HTTPS_PORT, is_loopback, may_be_dialled

WHOLE_SECONDS: Final = 15.0
"""How long a receiver has to answer ("Standard Webhooks": 15 to 30 s)."""
CONNECT_SECONDS: Final = 5.0
USER_AGENT: Final = "websocket-spaces-webhook/1"

Resolve = Callable[[str, int], Iterable[str]]


class RefusedAddress(Exception):
    """The host has no address that may be dialled."""


def resolve(host: str, port: int) -> list[str]:
    """Return the IP addresses of a host, in the order in which to try them.

    Raises:
        OSError: The name is unknown, or its name server did not answer.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


class HttpsSender:
    """WebhookSender, as `spaces.services.ports.gateway.WebhookSender`.

    A host may resolve to an address inside the gateway's network, now or at the next look. So each
    name is looked up once, all its addresses are checked, and a checked one is dialled. The
    certificate must still be that of the name.

    Args:
        resolve: Returns the IP addresses of a host.
        ca_certs: A file of certificate authorities; None for those of the system.
        port: The port of receivers; another one than 443 in tests.
        whole_seconds: How long a receiver has for its answer.
        loopback: Whether receivers on this machine get webhooks, without TLS too: on the local
            cloud only.
    """

    def __init__(
        self,
        resolve: Resolve = resolve,
        *,
        ca_certs: str | None = None,
        port: int = HTTPS_PORT,
        whole_seconds: float = WHOLE_SECONDS,
        loopback: bool = False,
    ) -> None:
        self._resolve = resolve
        self._ca_certs = ca_certs
        self._port = port
        self._whole_seconds = whole_seconds
        self._loopback = loopback

    def post(self, url: str, headers: dict[str, str], body: bytes) -> Outcome:
        """Send it; what goes wrong is an outcome, too.

        A receiver that sends its answer byte by byte is left to itself when the time is up.
        """
        found: list[Outcome] = []
        attempt = Thread(target=lambda: found.append(self._try(url, headers, body)), daemon=True)
        attempt.start()
        attempt.join(self._whole_seconds)
        return found[0] if found else Outcome(error="No answer in time.")

    def _try(self, url: str, headers: dict[str, str], body: bytes) -> Outcome:
        try:
            return self._post(url, headers, body)
        except RefusedAddress as refused:
            return Outcome(error=str(refused))
        except (HTTPError, OSError, UnicodeError) as error:
            return Outcome(error=f"No answer: {type(error).__name__}.")

    def _post(self, url: str, headers: dict[str, str], body: bytes) -> Outcome:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or self._port
        target = parts.path or "/"
        if parts.query:
            target = f"{target}?{parts.query}"
        with self._pool(parts.scheme, host, port) as pool:
            answer = pool.urlopen(
                "POST",
                target,
                body=body,
                headers={
                    **headers,
                    "host": parts.netloc,
                    "content-type": "application/json",
                    "user-agent": USER_AGENT,
                },
                redirect=False,
                retries=False,
                preload_content=False,
            )
            status, retry_after = answer.status, answer.headers.get("retry-after")
            answer.close()
        return Outcome(status=status, retry_after=_milliseconds(retry_after))

    def _pool(self, scheme: str, host: str, port: int) -> HTTPConnectionPool:
        address = self._checked(host, port)
        options: dict[str, Any] = {
            "timeout": Timeout(connect=CONNECT_SECONDS, total=self._whole_seconds),
            "maxsize": 1,
        }
        if scheme == "http" and self._loopback and is_loopback(address):
            return HTTPConnectionPool(address, port, **options)
        return HTTPSConnectionPool(
            address,
            port,
            server_hostname=host,
            assert_hostname=host,
            cert_reqs="CERT_REQUIRED",
            ca_certs=self._ca_certs,
            **options,
        )

    def _checked(self, host: str, port: int) -> str:
        """Return an address of a host to dial; one forbidden address forbids the host."""
        addresses = list(self._resolve(host, port))
        for address in addresses:
            if not may_be_dialled(address) and not (self._loopback and is_loopback(address)):
                raise RefusedAddress(f"The host {host} is not on the public internet.")
        if not addresses:
            raise RefusedAddress(f"The host {host} has no address.")
        return addresses[0]


def _milliseconds(retry_after: str | None) -> int | None:
    """Return the seconds that a receiver asks to wait; a date is not read."""
    text = (retry_after or "").strip()
    return int(text) * SECOND if text.isdecimal() and len(text) < 10 else None  # noqa: PLR2004
