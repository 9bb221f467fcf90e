"""Tries a transfer again and again, and tells the operator what keeps it from working."""

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
"""HTTP answers after which it is worth trying again."""
WARN_AFTER_TRIES: Final = 2
"""One failed try happens; that many are worth a line, while there is still time to do something."""

_NETWORK_ERRORS: Final = (OSError, http.client.HTTPException)
_FATAL_ERRORS: Final = (ssl.SSLCertVerificationError, http.client.InvalidURL)

_ADVICE: Final = (
    " Files come and go by a host of their own, which this machine must reach, too: check its "
    "network, firewall and proxy."
)

_logger: Final = wing_logger(__name__)


@dataclass(frozen=True, slots=True)
class RetryDeadline:
    """How long a transfer is tried.

    Attributes:
        until: seconds of ``time.monotonic``.
        cancelled: nobody waits for it any more.
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
    """Do some work on the network until it is done.

    Args:
        what: is transferred, in words.
        url: where the work goes; only its host is told, for the rest is a secret.
        work: raises a `TransferError` for what no repetition can mend, such as a full disk.
        patience: how long to try.
        first_wait: seconds before the first repetition; doubled at each further one.

    Raises:
        TransferError: it will not be done; the cause is what the last try ran into.
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
                _warn(what, "could not be transferred yet and is tried again", reason, error)
            if deadline.cancelled.wait(wait):
                if tries < WARN_AFTER_TRIES:
                    _warn(what, "was not transferred in time", reason, error)
                raise TransferError(f"{what} is not wanted any more ({reason})") from error
        else:
            if tries > WARN_AFTER_TRIES:
                _logger.info("%s was transferred at try %d.", _sentence(what), tries)
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
        # What S3 says is worth reading; the address, which holds a signature, is not in it.
        detail = error.read(500).decode("utf-8", "replace")
        return f"{error.code}: {' '.join(detail.split())}"
    return str(error.code)
