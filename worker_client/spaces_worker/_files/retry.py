"""Retries transfers with backoff and tells the operator why they fail."""

import contextlib
import http.client
import ssl
import threading
import time
import urllib.error
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from spaces_worker._errors import TransferError
from spaces_worker._log import wing_logger

FIRST_WAIT_SECONDS: Final = 0.5
MAX_WAIT_SECONDS: Final = 15.0
RETRYABLE_STATUSES: Final = frozenset({408, 429, 500, 502, 503, 504})
"""HTTP statuses after which a retry can succeed."""
WARN_AFTER_TRIES: Final = 2
"""A single failure is normal; after this many, the operator is warned while there is still time."""

_NETWORK_ERRORS: Final = (OSError, http.client.HTTPException)
_FATAL_ERRORS: Final = (ssl.SSLCertVerificationError, http.client.InvalidURL)

_ADVICE: Final = (
    " Files are transferred through a separate host, which this machine must be able to reach: "
    "check its network, firewall and proxy."
)

_logger: Final = wing_logger(__name__)


@dataclass(frozen=True, slots=True)
class RetryDeadline:
    """How long a transfer is retried.

    Attributes:
        until: a time of ``time.monotonic``.
        cancelled: set when the transfer is no longer wanted.
    """

    until: float
    cancelled: threading.Event


def retry(
    what: str,
    url: str,
    work: Callable[[], None],
    deadline: RetryDeadline,
    first_wait: float = FIRST_WAIT_SECONDS,
) -> None:
    """Repeat a transfer until it succeeds.

    Args:
        what: what is transferred, in words.
        url: the URL; only its host is logged, because the rest is a secret.
        work: the transfer; raises `TransferError` if a retry cannot help, as with a full disk.
        deadline: how long to try.
        first_wait: seconds before the first retry; doubled for each further one.

    Raises:
        TransferError: the transfer failed; the cause is the last error.
    """
    wait, tries = first_wait, 1
    while True:
        try:
            work()
        except _NETWORK_ERRORS as error:
            reason = f"{urlsplit(url).netloc.rpartition('@')[2]}: {_reason(error)}"
            if not _is_retryable(error) or time.monotonic() + wait > deadline.until:
                raise TransferError(f"{what} could not be transferred ({reason})") from error
            if tries == WARN_AFTER_TRIES:
                _warn(what, "could not be transferred yet; retrying", reason, error)
            if deadline.cancelled.wait(wait):
                if tries < WARN_AFTER_TRIES:
                    _warn(what, "was not transferred in time", reason, error)
                raise TransferError(f"{what} is no longer wanted ({reason})") from error
        else:
            if tries > WARN_AFTER_TRIES:
                _logger.info("%s was transferred on attempt %d.", _sentence(what), tries)
            return
        wait, tries = min(MAX_WAIT_SECONDS, wait * 2), tries + 1


def _warn(what: str, fate: str, reason: str, error: Exception) -> None:
    advice = "" if isinstance(error, urllib.error.HTTPError) else _ADVICE
    _logger.warning("%s %s (%s).%s", _sentence(what), fate, reason, advice)


def _sentence(what: str) -> str:
    return what[:1].upper() + what[1:]


def _is_retryable(error: Exception) -> bool:
    if isinstance(error, urllib.error.HTTPError):
        return error.code in RETRYABLE_STATUSES
    return not isinstance(_cause(error), _FATAL_ERRORS)


def _cause(error: Exception) -> object:
    return error.reason if isinstance(error, urllib.error.URLError) else error


def _reason(error: Exception) -> str:
    if not isinstance(error, urllib.error.HTTPError):
        return str(_cause(error)) or type(error).__name__
    with contextlib.suppress(OSError), error:
        # The text of S3 is useful and does not contain the URL, which includes a signature.
        detail = error.read(500).decode("utf-8", "replace")
        return f"{error.code}: {' '.join(detail.split())}"
    return str(error.code)
