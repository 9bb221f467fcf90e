"""The HTTP client of the adapters: one stream per request, and error texts."""

import contextlib
import ipaddress
import logging
import ssl
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from spaces_worker._errors import SettingsError, UserError
from spaces_worker._log import RequestLog, wing_logger
from spaces_worker._version import AGENT

CONNECT_SECONDS: Final = 10.0
MAX_LOGGED_CHARS: Final = 500
_BUSY: Final = frozenset({429, 503})

_logger: Final = wing_logger(__name__)
# It would log the URL of every request.
logging.getLogger("httpx").setLevel(logging.WARNING)


class Upstream:
    """A server that answers over HTTP.

    Args:
        url: its URL.
        api_key: sent as a bearer token.
        silence_seconds: maximum time without data while it answers. None leaves the time limit to
            the gateway, which cancels a request at its deadline.
    """

    def __init__(
        self, url: str, *, api_key: str | None = None, silence_seconds: float | None = None
    ) -> None:
        self.url = _checked(url)
        self._headers = {"User-Agent": AGENT}
        if api_key:
            self._headers["Authorization"] = f"Bearer {api_key}"
        # Trust the system's certificates and SSL_CERT_FILE even where the environment's proxy is
        # ignored. Created once, because it takes time, and only for https.
        secure = urlsplit(url).scheme == "https"
        self._tls: ssl.SSLContext | bool = ssl.create_default_context() if secure else False
        self._timeout = httpx.Timeout(silence_seconds, connect=CONNECT_SECONDS)

    @contextlib.asynccontextmanager
    async def post(
        self, body: Mapping[str, Any], request_id: str, *, accept: str
    ) -> AsyncIterator[httpx.Response]:
        """Post JSON and yield the response while it arrives; leaving the block closes the stream.

        Raises:
            UserError: there is no response; the log says why.
        """
        headers = {**self._headers, "Accept": accept}
        client = httpx.AsyncClient(
            headers=headers,
            timeout=self._timeout,
            verify=self._tls,
            trust_env=not _is_near(self.url),
        )
        try:
            async with client, client.stream("POST", self.url, json=body) as response:
                yield response
        except httpx.TimeoutException as error:
            raise self._unreachable(request_id, error, "it took too long") from error
        except httpx.TransportError as error:
            raise self._unreachable(request_id, error, "is it running?") from error

    def refused(self, request_id: str, status: int, text: str) -> UserError:
        """Log an error response and return the exception to raise; the text stays in the log."""
        shown = " ".join(text.split())[:MAX_LOGGED_CHARS]
        RequestLog(_logger, request_id).error("%s answered %d: %s", self.url, status, shown)
        if status in _BUSY:
            return UserError("The model is busy. Try again later.", error_type="model_busy")
        return UserError("The model failed on this request.", error_type="model_failed")

    def _unreachable(self, request_id: str, error: Exception, words: str) -> UserError:
        cause = f"{type(error).__name__}: {error}".rstrip(": ")
        RequestLog(_logger, request_id).error("no answer from %s (%s); %s", self.url, cause, words)
        if isinstance(error, httpx.ReadTimeout):
            return UserError("The model took too long.", error_type="model_silent")
        return UserError("The model cannot be reached.", error_type="model_unreachable")


def _checked(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise SettingsError(
            f"{url!r} is not a valid URL (expected for example http://127.0.0.1:8000/path)."
        )
    return url


def _is_near(url: str) -> bool:
    """Whether the URL is on this machine or network, where no proxy is needed."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False
