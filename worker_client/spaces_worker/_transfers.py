"""Moves files between the disk and the gateway's storage, again and again until they are there."""

import contextlib
import http.client
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from spaces_protocol.gateway_messages import InputFile as Sent
from spaces_protocol.gateway_messages import UploadPolicy
from spaces_worker._errors import TransferError
from spaces_worker._multipart import Form
from spaces_worker._output_files import Outgoing

BLOCK_BYTES: Final = 64 * 1024
SILENCE_SECONDS: Final = 30.0
"""Longest time that nothing may move in a transfer."""
FIRST_WAIT_SECONDS: Final = 0.5
MAX_WAIT_SECONDS: Final = 15.0
MAY_PASS: Final = frozenset({408, 429, 500, 502, 503, 504})
"""HTTP answers after which it is worth trying again."""

_NETWORK_ERRORS: Final = (OSError, http.client.HTTPException)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a transfer is tried.

    Attributes:
        until: seconds of ``time.monotonic``.
        cancelled: nobody waits for it any more.
    """

    until: float
    cancelled: threading.Event


class Transfers:
    """Downloads and uploads by presigned addresses, through the proxy of the environment.

    Args:
        certificates: makes the TLS settings; called when they are first needed.
        first_wait: seconds before the first repetition; doubled at each further one.
    """

    def __init__(
        self,
        certificates: Callable[[], ssl.SSLContext] = ssl.create_default_context,
        first_wait: float = FIRST_WAIT_SECONDS,
    ) -> None:
        self._certificates = certificates
        self._first_wait = first_wait
        self._opener: urllib.request.OpenerDirector | None = None
        self._lock = threading.Lock()

    def download(self, sent: Sent, path: Path, patience: Patience) -> None:
        """Fetch a file; an interrupted download goes on where it ended.

        Raises:
            TransferError: it cannot be had, or is not what was announced.
        """
        _must_be_web(sent.url)
        self._insist(f"the file {sent.name!r}", lambda: self._fetch(sent, path, patience), patience)
        if path.stat().st_size != sent.size:
            raise TransferError(f"the file {sent.name!r} is longer than was announced")

    def upload(
        self,
        policy: UploadPolicy,
        key: str,
        file: Outgoing,
        patience: Patience,
        on_sent: Callable[[int], None] = lambda _: None,
    ) -> None:
        """Send a file by the policy of its request.

        Args:
            policy: where to.
            key: what it is stored under; begins with the policy's prefix.
            file: is read anew at each try.
            patience: how long to try.
            on_sent: told how many bytes of the current try have gone out.

        Raises:
            TransferError: it was refused, or could not be sent in time.
        """
        _must_be_web(policy.url)
        what = f"the file {file.name!r} of the answer"
        self._insist(what, lambda: self._post(policy, key, file, patience, on_sent), patience)

    def _insist(self, what: str, work: Callable[[], None], patience: Patience) -> None:
        wait = self._first_wait
        while True:
            try:
                return work()
            except _NETWORK_ERRORS as error:
                reason = _reason(error)
                if not _may_pass(error) or time.monotonic() + wait > patience.until:
                    raise TransferError(f"{what} could not be transferred ({reason})") from error
            if patience.cancelled.wait(wait):
                raise TransferError(f"{what} is not wanted any more")
            wait = min(MAX_WAIT_SECONDS, wait * 2)

    def _fetch(self, sent: Sent, path: Path, patience: Patience) -> None:
        path.touch(mode=0o600)
        have = path.stat().st_size
        if have >= sent.size:
            return
        headers = {"Range": f"bytes={have}-"} if have else {}
        request = urllib.request.Request(sent.url, headers=headers)  # noqa: S310 - checked
        with self._open(request) as answer:
            goes_on = answer.status == http.client.PARTIAL_CONTENT
            with path.open("ab" if goes_on else "wb") as file:
                _copy(answer, file.write, sent.size + 1, patience)
        if path.stat().st_size < sent.size:
            raise ConnectionError("the download broke off")

    def _post(
        self,
        policy: UploadPolicy,
        key: str,
        file: Outgoing,
        patience: Patience,
        on_sent: Callable[[int], None],
    ) -> None:
        fields = {**policy.fields, "key": key, "Content-Type": file.content_type}
        form = Form(fields, file)

        def body() -> Iterator[bytes]:
            sent = 0
            for block in form.blocks(BLOCK_BYTES):
                if patience.cancelled.is_set():
                    raise TransferError(f"the file {file.name!r} is not wanted any more")
                yield block
                sent += len(block)
                on_sent(min(sent, file.size))

        headers = {"Content-Type": form.content_type, "Content-Length": str(form.size)}
        request = urllib.request.Request(policy.url, body(), headers)  # noqa: S310 - checked
        self._open(request).close()

    def _open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        with self._lock:
            if self._opener is None:
                self._opener = _web_only(self._certificates())
        answer: http.client.HTTPResponse = self._opener.open(request, timeout=SILENCE_SECONDS)
        return answer


def _copy(
    answer: http.client.HTTPResponse,
    write: Callable[[bytes], object],
    most: int,
    patience: Patience,
) -> None:
    while most > 0 and (block := answer.read(min(BLOCK_BYTES, most))):
        if patience.cancelled.is_set():
            raise TransferError("the request is not wanted any more")
        write(block)
        most -= len(block)


def _web_only(certificates: ssl.SSLContext) -> urllib.request.OpenerDirector:
    """Return an opener for http and https that follows no redirection: a presigned URL has none."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(context=certificates),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


def _must_be_web(url: str) -> None:
    if not url.startswith(("https://", "http://")):
        raise TransferError("the address of a file is no web address")


def _may_pass(error: Exception) -> bool:
    if isinstance(error, urllib.error.HTTPError):
        return error.code in MAY_PASS
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    return not isinstance(cause, ssl.SSLCertVerificationError)


def _reason(error: Exception) -> str:
    if not isinstance(error, urllib.error.HTTPError):
        return str(error) or type(error).__name__
    with contextlib.suppress(OSError), error:
        # What S3 says is worth reading; the address, which holds a signature, is not in it.
        detail = error.read(500).decode("utf-8", "replace")
        return f"{error.code}: {' '.join(detail.split())}"
    return str(error.code)
