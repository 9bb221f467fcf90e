"""Transfers files between the disk and the gateway's storage, with retries."""

import contextlib
import functools
import http.client
import re
import socket
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from spaces_protocol.gateway_messages import PresignedFile, UploadPolicy
from spaces_protocol.limits import MAX_FILE_BYTES
from spaces_worker._connection.file_host import FileHost
from spaces_worker._environment.proxies import Proxy, proxy_of_files
from spaces_worker._errors import SettingsError, TransferError
from spaces_worker._files.disk_errors import reading, writing
from spaces_worker._files.multipart import Form
from spaces_worker._files.output_files import PreparedFile
from spaces_worker._files.retry import FIRST_WAIT_SECONDS, RetryDeadline, retry

BLOCK_BYTES: Final = 64 * 1024
TIMEOUT_SECONDS: Final = 30.0
"""Maximum time without any data during a transfer."""


class Transfers:
    """Downloads and uploads with presigned URLs, through the proxy of the environment.

    Args:
        host: decides which URLs may be used.
        certificates: creates the TLS settings; called when they are first needed.
        first_wait: seconds before the first retry; doubled for each further one.
    """

    def __init__(
        self,
        host: FileHost,
        certificates: Callable[[], ssl.SSLContext] = ssl.create_default_context,
        first_wait: float = FIRST_WAIT_SECONDS,
    ) -> None:
        self._host = host
        self._certificates = certificates
        self._first_wait = first_wait
        self._openers: dict[Proxy | None, urllib.request.OpenerDirector] = {}
        self._lock = threading.Lock()

    def download(self, sent: PresignedFile, path: Path, deadline: RetryDeadline) -> None:
        """Download a file; an interrupted download continues where it stopped.

        Raises:
            TransferError: the download failed, or the file has another size than announced.
        """
        what = f"the file {sent.name!r}"
        if sent.size > MAX_FILE_BYTES:
            limit = f"{MAX_FILE_BYTES / 1e6:.0f} MB"
            raise TransferError(f"{what} is announced as {sent.size} bytes; at most {limit} fit")
        self._retry(what, sent.url, lambda: self._fetch(sent, path, deadline), deadline)
        if path.stat().st_size != sent.size:
            raise TransferError(f"the file {sent.name!r} is larger than announced")

    def upload(
        self,
        policy: UploadPolicy,
        key: str,
        file: PreparedFile,
        deadline: RetryDeadline,
        on_sent: Callable[[int], None] = lambda _: None,
        *,
        what: str | None = None,
    ) -> None:
        """Upload a file with the policy of its request.

        Args:
            policy: where to upload.
            key: the object key; begins with the policy's prefix.
            file: opened again for each attempt.
            deadline: how long to try.
            on_sent: called with the number of bytes sent in the current attempt.
            what: what is uploaded, in words; by default a file of an answer.

        Raises:
            TransferError: the upload was rejected, or did not finish in time.
        """
        what = what or f"the file {file.name!r} of the answer"
        form = Form({**policy.fields, "key": key, "Content-Type": file.content_type}, file)
        work = functools.partial(self._post, what, policy.url, form, deadline, on_sent)
        self._retry(what, policy.url, work, deadline)

    def _retry(
        self, what: str, url: str, work: Callable[[], None], deadline: RetryDeadline
    ) -> None:
        def transfer() -> None:
            self._host.check_url(url)
            work()

        retry(what, url, transfer, deadline, self._first_wait)

    def _fetch(self, sent: PresignedFile, path: Path, deadline: RetryDeadline) -> None:
        on_disk = functools.partial(writing, f"the file {sent.name!r}", path.parent)
        with on_disk():
            path.touch(mode=0o600)
            have = path.stat().st_size
        if have >= sent.size:
            return
        headers = {"Range": f"bytes={have}-"} if have else {}
        if sent.etag is not None:
            headers["If-Match"] = sent.etag
        request = urllib.request.Request(sent.url, headers=headers)  # noqa: S310 - checked
        with _unless_replaced(sent.name), self._open(request) as response:
            begins = _first_byte(response)
            if begins not in {0, have}:
                with on_disk():
                    path.unlink()  # the next attempt starts from the beginning
                raise ConnectionError("the storage sent another part of the file than asked for")
            with on_disk():
                file = path.open("ab" if begins else "wb")
            with file:
                for block in _blocks(response, sent.size + 1, deadline):
                    with on_disk():
                        file.write(block)
                        file.flush()
        if path.stat().st_size < sent.size:
            raise ConnectionError("the download was interrupted")

    def _post(
        self,
        what: str,
        url: str,
        form: Form,
        deadline: RetryDeadline,
        on_sent: Callable[[int], None],
    ) -> None:
        def body() -> Iterator[bytes]:
            sent = 0
            # Network errors do not pass here; they are raised where the blocks are requested.
            with reading(what):
                for block in form.blocks(BLOCK_BYTES):
                    if deadline.cancelled.is_set():
                        raise TransferError(f"{what} is no longer wanted")
                    yield block
                    sent += len(block)
                    on_sent(min(sent, form.file_size))

        headers = {"Content-Type": form.content_type, "Content-Length": str(form.size)}
        request = urllib.request.Request(url, body(), headers)  # noqa: S310 - checked
        self._open(request).close()

    def _open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        proxy = _usable_proxy(request.full_url)
        with self._lock:
            if proxy not in self._openers:
                self._openers[proxy] = _http_opener(self._host, self._certificates(), proxy)
            opener = self._openers[proxy]
        response: http.client.HTTPResponse = opener.open(request, timeout=TIMEOUT_SECONDS)
        return response


@contextlib.contextmanager
def _unless_replaced(name: str) -> Iterator[None]:
    """Explain a response that means that the file is no longer the one that was submitted."""
    try:
        yield
    except urllib.error.HTTPError as error:
        if error.code != http.client.PRECONDITION_FAILED:
            raise
        error.close()
        raise TransferError(f"the file {name!r} was replaced after it was submitted") from error


def _first_byte(response: http.client.HTTPResponse) -> int | None:
    """Return where in the file a response begins; None if it does not say so (RFC 9110, 14.4)."""
    found = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
    if found is not None:
        return int(found.group(1))
    return None if response.status == http.client.PARTIAL_CONTENT else 0


def _blocks(
    response: http.client.HTTPResponse, most: int, deadline: RetryDeadline
) -> Iterator[bytes]:
    while most > 0 and (block := response.read(min(BLOCK_BYTES, most))):
        if deadline.cancelled.is_set():
            raise TransferError("the request is no longer wanted")
        yield block
        most -= len(block)


class _Connection(http.client.HTTPConnection):
    """A connection whose address is checked before it is opened, unless there is a proxy."""

    def __init__(self, *arguments: Any, host_check: FileHost, **options: Any) -> None:  # noqa: ANN401
        super().__init__(*arguments, **options)
        self._host_check = host_check
        self._create_connection = self._checked_connection

    def _checked_connection(
        self, address: tuple[str, int], timeout: float, _source: object = None
    ) -> socket.socket:
        if getattr(self, "_tunnel_host", None) is not None:
            return socket.create_connection(address, timeout)
        return self._host_check.connect(*address, timeout)


class _SecureConnection(_Connection, http.client.HTTPSConnection):
    """The same with TLS."""


class _Handler(urllib.request.AbstractHTTPHandler):
    """Opens URLs over http and https."""

    http_request = https_request = urllib.request.AbstractHTTPHandler.do_request_

    def __init__(self, host: FileHost, certificates: ssl.SSLContext) -> None:
        super().__init__()
        self._host = host
        self._certificates = certificates

    def http_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        """Open a URL without TLS."""
        if request.has_proxy():
            return self.do_open(http.client.HTTPConnection, request)
        return self.do_open(functools.partial(_Connection, host_check=self._host), request)

    def https_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        """Open a URL with TLS."""
        connection = functools.partial(_SecureConnection, host_check=self._host)
        return self.do_open(connection, request, context=self._certificates)


def _http_opener(
    host: FileHost, certificates: ssl.SSLContext, proxy: Proxy | None
) -> urllib.request.OpenerDirector:
    """Return an opener for http and https without redirects, which presigned URLs do not use."""
    proxies = {} if proxy is None else dict.fromkeys(("http", "https"), proxy.url)
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(proxies),
        _Handler(host, certificates),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


def _usable_proxy(url: str) -> Proxy | None:
    try:
        proxy = proxy_of_files(url)
    except SettingsError as error:
        raise TransferError(str(error).rstrip(".")) from error
    if proxy is not None and proxy.is_socks:
        raise TransferError(
            f"files cannot be transferred through the SOCKS proxy of {proxy.variable}: set an HTTP "
            f"proxy, or add {urlsplit(url).hostname} to NO_PROXY"
        )
    return proxy
