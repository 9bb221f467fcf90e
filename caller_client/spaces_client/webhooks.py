"""Verifies webhooks of the gateway (Standard Webhooks, https://www.standardwebhooks.com).

Example::

    from spaces_client.webhooks import WebhookRejected, verify

    try:
        message = verify(headers, body, secret)
    except WebhookRejected:
        ...  # answer 400, and believe nothing in it
    if message.id not in seen:  # the same message may arrive twice
        ...
"""

import binascii
import hmac
import time
from base64 import b64decode
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Final

import msgspec

from spaces_client._errors import UsageError, WebhookExpired, WebhookRejected
from spaces_client._types import Times

__all__ = ["WebhookExpired", "WebhookMessage", "WebhookRejected", "WebhookRequest", "verify"]

TOLERANCE_SECONDS: Final = 300.0
"""How far the time of a message may be from now."""
_PREFIX: Final = "whsec_"
_VERSION: Final = "v1"


class WebhookRequest(msgspec.Struct, frozen=True, kw_only=True):
    """The request that a webhook is about.

    Attributes:
        request_id: its id: ``spaces.request(message.data.request_id).result()`` fetches the result.
        status: ``COMPLETED``, ``FAILED``, ``CANCELLED`` or ``TIMED_OUT``.
        response_url: where the result is.
        error: why it has no answer, for a person; ``error_type``, for programs.
        metadata: the metadata of the submit.
    """

    request_id: str
    space: str
    status: str
    times: Times
    response_url: str
    error: str | None = None
    error_type: str | None = None
    metadata: dict[str, str] = msgspec.field(default_factory=dict)


class WebhookMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A webhook that is from the gateway.

    Attributes:
        id: the same whenever the message is sent again: remember it to act only once.
        type: ``request.completed``, ``request.failed``, ``request.cancelled`` or
            ``request.timed_out``.
        timestamp: when the request ended.
        data: the request.
    """

    id: str = ""
    type: str
    timestamp: datetime
    data: WebhookRequest


def verify(
    headers: Mapping[str, str],
    body: bytes | str,
    secret: str,
    *,
    tolerance: float = TOLERANCE_SECONDS,
    now: float | None = None,
) -> WebhookMessage:
    """Return the message of a webhook, if it is from the gateway and from now.

    Args:
        headers: all headers of the call; upper and lower case are the same.
        body: its body exactly as it arrived, not parsed and written again.
        secret: ``whsec_…``, the secret of the API key that submitted the request; see
            `Spaces.webhook_secret`. While the key is being replaced, the old secret and the new one
            are both right.
        tolerance: how many seconds the time of the message may be from now.
        now: seconds since 1970, by default the time of this machine.

    Raises:
        WebhookExpired: it was sent too long ago, or the clock of this machine is wrong.
        WebhookRejected: it is not from the gateway, or was changed on its way.
        UsageError: the secret is not one.
    """
    key = _key_of(secret)
    found = {name.lower(): value for name, value in headers.items()}
    message, sent_at, signatures = (_header(found, name) for name in _NAMES)
    content = _bytes_of(body) if isinstance(body, str) else body
    signed = _bytes_of(f"{message}.{sent_at}.") + content
    expected = hmac.new(key, signed, sha256).digest()
    if not any(hmac.compare_digest(expected, each) for each in _signatures(signatures)):
        raise WebhookRejected(
            "The signature does not match. Pass the body exactly as it arrived, and the secret of "
            "the API key that submitted the request."
        )
    _check_time(sent_at, time.time() if now is None else now, tolerance)
    try:
        read = msgspec.json.decode(content, type=WebhookMessage)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise WebhookRejected(f"The body is not a message of this gateway: {error}.") from error
    return msgspec.structs.replace(read, id=message)


_NAMES: Final = ("webhook-id", "webhook-timestamp", "webhook-signature")


def _header(headers: Mapping[str, str], name: str) -> str:
    value = headers.get(name)
    if not value:
        raise WebhookRejected(f"The header {name} is missing.")
    return value


def _bytes_of(text: str) -> bytes:
    """Return text as bytes, even what is no Unicode: its signature is not the gateway's."""
    return text.encode("utf-8", "surrogatepass")


def _key_of(secret: str) -> bytes:
    text = secret.removeprefix(_PREFIX)
    try:
        key = b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise UsageError("The secret of a webhook has the form whsec_…") from error
    if not key:
        raise UsageError("The secret of the webhook is empty.")
    return key


def _signatures(header: str) -> list[bytes]:
    """Return the signatures of the version that is known here; what cannot be read is none."""
    found = []
    for each in header.split(" "):
        version, _, text = each.partition(",")
        try:
            found += [b64decode(text, validate=True)] if version == _VERSION else []
        except (binascii.Error, ValueError):
            continue
    return found


def _check_time(sent_at: str, now: float, tolerance: float) -> None:
    if not (sent_at.isascii() and sent_at.isdigit()):
        raise WebhookRejected("The header webhook-timestamp is not a number of seconds.")
    late = now - int(sent_at)
    if abs(late) > tolerance:
        when = f"{late:.0f} s ago" if late > 0 else f"in {-late:.0f} s by the clock of this machine"
        raise WebhookExpired(f"The webhook was sent {when}; {tolerance:.0f} s are allowed.")
