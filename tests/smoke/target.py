"""The gateway that a run is about: its addresses and the credentials for it."""

from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

TIMEOUT_SECONDS: Final = 35.0
"""Longer than API Gateway waits for a function."""
_LOCAL_HOSTS: Final = ("localhost", "127.0.0.1")


class SmokeError(RuntimeError):
    """The run cannot begin; the message says what to do."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """A gateway and what the run may use of it.

    Attributes:
        page_url: the page's URL, with a trailing slash.
        config: the page's ``config.json``.
        token: a worker token.
        space: the space that the token is for and that callers may use.
        key: an API key for spaces that are not public.
        operator: AWS clients of the account, or None without AWS credentials.
    """

    page_url: str
    config: dict[str, Any] = field(repr=False)
    token: str = field(repr=False)
    space: str
    key: str | None = field(default=None, repr=False)
    operator: "Operator | None" = None

    @property
    def socket_url(self) -> str:
        """The WebSocket URL for workers."""
        return str(self.config["socket_url"])

    @property
    def headers(self) -> dict[str, str]:
        """The headers of a caller."""
        return {"Authorization": f"Bearer {self.key}"} if self.key else {}

    def api(self) -> httpx.AsyncClient:
        """Return a client of the REST API, by way of the page's own origin."""
        return web_client(self.page_url, self.headers)

    def streams(self) -> httpx.AsyncClient:
        """Return a client of streams, by default at the page's own origin."""
        return web_client(self.config.get("stream_origin") or self.page_url, self.headers)


@dataclass(frozen=True, kw_only=True)
class Operator:
    """What somebody with AWS credentials can look at.

    Attributes:
        stage: the stage.
        connect: returns a boto3 client of a service.
        admin: calls the admin function.
        service_stack: the name of the service stack.
    """

    stage: str
    connect: Any
    admin: Any
    service_stack: str


def web_client(base_url: str, headers: dict[str, str] | None = None) -> httpx.AsyncClient:
    """Return a client that also reaches names below ``localhost``, as browsers do."""
    parts = urlsplit(base_url)
    host, given = parts.hostname or "", dict(headers or {})
    local = host in _LOCAL_HOSTS or host.endswith(".localhost")
    if host.endswith(".localhost"):
        given["Host"] = parts.netloc
        base_url = parts._replace(netloc=f"localhost:{parts.port}").geturl()
    return httpx.AsyncClient(
        base_url=base_url, headers=given, timeout=TIMEOUT_SECONDS, trust_env=not local
    )


async def read_config(page_url: str) -> dict[str, Any]:
    """Return a page's ``config.json``.

    Raises:
        SmokeError: there is no gateway's page at this URL.
    """
    try:
        async with web_client(page_url) as page:
            answer = await page.get("/config.json")
            config = answer.raise_for_status().json()
            return {"socket_url": config["socket_url"], **config}
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        reason = str(error).partition("\n")[0] or type(error).__name__
        raise SmokeError(
            f"{page_url} is not the page of a gateway ({reason}). Give the stack's output PageUrl: "
            "URL=https://…"
        ) from error
