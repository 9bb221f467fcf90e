"""The HTTP client of the adapters: one stream per request, and error texts."""

import contextlib
import copy
import ipaddress
import logging
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import httpx

from spaces_worker._environment.certificates import tls_context
from spaces_worker._environment.proxies import proxy_of_server
from spaces_worker._environment.values import shown_url
from spaces_worker._errors import SettingsError, UserError
from spaces_worker._log import RequestLog, wing_logger
from spaces_worker._text import printable_text
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
        # Compressed answers cannot be limited by their size, and proxies hold them back.
        self._headers = {"User-Agent": AGENT, "Accept-Encoding": "identity"}
        if api_key:
            self._headers["Authorization"] = f"Bearer {api_key}"
        # Trust the system's certificates and SSL_CERT_FILE even where the environment's proxy is
        # ignored. Created once, because it takes time, and only for https.
        secure = urlsplit(url).scheme == "https"
        self._tls: ssl.SSLContext | bool = tls_context(None) if secure else False
        proxy = None if _is_near(url) else proxy_of_server(url)
        self._proxy = None if proxy is None else proxy.url
        self._timeout = httpx.Timeout(silence_seconds, connect=CONNECT_SECONDS)

    def at(self, path: str) -> "Upstream":
        """Return the same server at a path below its URL."""
        other = copy.copy(self)
        other.url = f"{self.url.rstrip('/')}/{path}"
        return other

    def post(
        self, body: Mapping[str, Any], request_id: str, *, accept: str
    ) -> AbstractAsyncContextManager[httpx.Response]:
        """Post JSON and yield the response while it arrives; leaving the block closes the stream.

        Raises:
            UserError: there is no response; the log says why.
        """
        return self._posted(request_id, accept, json=body)

    @contextlib.asynccontextmanager
    async def post_form(
        self, fields: Mapping[str, str | list[str]], file: tuple[str, Path, str], request_id: str
    ) -> AsyncIterator[httpx.Response]:
        """Post a form with a file, given as its name, path and type; otherwise as `post`."""
        name, path, kind = file
        with path.open("rb") as content:
            sent = {"file": (name, content, kind)}
            async with self._posted(request_id, "*/*", data=fields, files=sent) as response:
                yield response

    @contextlib.asynccontextmanager
    async def _posted(
        self,
        request_id: str,
        accept: str,
        **content: Any,  # noqa: ANN401 - as httpx
    ) -> AsyncIterator[httpx.Response]:
        headers = {**self._headers, "Accept": accept}
        client = httpx.AsyncClient(
            headers=headers,
            timeout=self._timeout,
            verify=self._tls,
            proxy=self._proxy,
            trust_env=False,
        )
        answers = False
        try:
            async with client, client.stream("POST", self.url, **content) as response:
                answers = True
                yield response
        except httpx.TimeoutException as error:
            raise self._unreachable(request_id, error, "it took too long") from error
        except httpx.RequestError as error:  # a TransportError, or content that cannot be decoded
            if answers:
                raise self.broken_off(request_id, _cause(error)) from error
            raise self._unreachable(request_id, error, "is it running?") from error
        except (httpx.InvalidURL, UnicodeError) as error:  # httpx reads where a redirect points to
            if answers:
                raise
            self.log(request_id, f"sent an answer that cannot be read: {_cause(error)}")
            raise UserError(
                "The model failed on this request.", error_type="model_failed"
            ) from error

    def refused(self, request_id: str, status: int, text: str) -> UserError:
        """Log an error response and return the exception to raise; the text stays in the log."""
        self.log(request_id, f"answered {status}: {shortened(text)}")
        if status in _BUSY:
            return UserError("The model is busy. Try again later.", error_type="model_busy")
        return UserError("The model failed on this request.", error_type="model_failed")

    def redirected(self, request_id: str, response: httpx.Response) -> UserError:
        """Log where a response points to and return the exception to raise."""
        address = response.headers["Location"]
        with contextlib.suppress(ValueError):
            address = urljoin(self.url, address)
        shown = shortened(shown_url(address))
        self.log(
            request_id,
            f"answered {response.status_code} and points to {shown}. Redirects are not followed; "
            "if that address is right, use it instead.",
        )
        return UserError("The model failed on this request.", error_type="model_failed")

    def broken_off(self, request_id: str, cause: str) -> UserError:
        """Log why an answer is not whole and return the exception to raise."""
        self.log(request_id, f"did not complete its answer: {cause}")
        return UserError("The model's answer broke off.", error_type="model_failed")

    def log(self, request_id: str, text: str) -> None:
        """Tell the operator what went wrong with a request to this server."""
        RequestLog(_logger, request_id).error("%s %s", shown_url(self.url), text)

    def _unreachable(self, request_id: str, error: Exception, words: str) -> UserError:
        RequestLog(_logger, request_id).error(
            "no answer from %s (%s); %s", shown_url(self.url), _cause(error), words
        )
        if isinstance(error, httpx.ReadTimeout):
            return UserError("The model took too long.", error_type="model_silent")
        return UserError("The model cannot be reached.", error_type="model_unreachable")


def _cause(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".rstrip(": ")


def shortened(text: str) -> str:
    """Return the beginning of a server's words, on one line."""
    return printable_text(" ".join(text.split())[:MAX_LOGGED_CHARS])


def _checked(url: str) -> str:
    if not _is_usable(url):
        raise SettingsError(
            f"{shown_url(url)!r} is not a valid URL (expected for example "
            "http://127.0.0.1:8000/path)."
        )
    return url


def _is_usable(url: str) -> bool:
    try:
        parts = urlsplit(url)
        (parts.hostname or "").encode("idna")
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _is_near(url: str) -> bool:
    """Whether the URL is on this machine or network, where no proxy is needed."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False
