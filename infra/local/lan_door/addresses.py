"""The addresses of a local cloud, seen from inside and through the door. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """What replaces what.

    Attributes:
        host: the address that the door listens on.
        port: its port; the same as the local cloud's.
        page: the inner page URL.
        stream_port: the inner port of the stream front.
    """

    host: str
    port: int
    page: str
    stream_port: int

    @property
    def outer(self) -> str:
        """The host and port of the door."""
        return f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """The URL of the page through the door, with a trailing slash."""
        return f"http://{self.outer}/"

    @property
    def page_host(self) -> str:
        """The inner host and port of the page."""
        return self.page.partition("//")[2].rstrip("/")

    @property
    def emulator_host(self) -> str:
        """The inner host and port of the emulator."""
        return f"localhost:{self.port}"

    @cached_property
    def _inner(self) -> re.Pattern[bytes]:
        hosts = [self.page_host]
        for name in ("localhost", "127.0.0.1"):
            hosts += [f"{name}:{port}" for port in (self.port, self.stream_port)]
        return re.compile(
            rb"(?<=://)(?:" + b"|".join(map(re.escape, _encoded(hosts))) + rb")(?!\d)"
        )

    def rewrite(self, text: bytes) -> bytes:
        """Return a text with the door's address in place of all inner ones."""
        return self._inner.sub(self.outer.encode(), text)


def _encoded(hosts: Iterable[str]) -> list[bytes]:
    return [host.encode() for host in hosts]
