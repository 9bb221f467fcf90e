"""What a webhook says, and its signature (Standard Webhooks, version 1)."""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Iterable
from hashlib import sha256
from typing import Final

from spaces.domain.request import Request
from spaces_protocol.rest_bodies import RequestState
from spaces_protocol.webhooks import WebhookEvent

SECRET_PREFIX: Final = "whsec_"  # noqa: S105 - no secret
_PURPOSE: Final = b"spaces webhook signature 1"
_EVENTS: Final[dict[RequestState, WebhookEvent]] = {
    RequestState.COMPLETED: "request.completed",
    RequestState.FAILED: "request.failed",
    RequestState.CANCELLED: "request.cancelled",
    RequestState.TIMED_OUT: "request.timed_out",
}


def event_of(request: Request) -> WebhookEvent | None:
    """Return the event that the end of a request is; None if nobody asked for it."""
    if request.webhook is None or request.ending is None:
        return None
    event = _EVENTS[request.ending.state]
    return event if event in request.webhook.events else None


def message_id(request: Request) -> str:
    """Return the id of its message, which is the same at every try."""
    return f"msg_{request.nonce}"


def signing_secret(key_digest: str) -> str:
    """Return the secret with which webhooks of an API key are signed.

    It follows from the hash under which the key is stored, so its holder can compute it, and a
    receiver that knows it knows neither the key nor its hash.

    Args:
        key_digest: The SHA-256 of the key, in hexadecimal.
    """
    digest = hmac.new(bytes.fromhex(key_digest), _PURPOSE, sha256).digest()
    return SECRET_PREFIX + b64encode(digest).decode()


def signed_headers(
    message: str, body: bytes, secrets: Iterable[str], seconds: int
) -> dict[str, str]:
    """Return the headers that identify and sign a message.

    Args:
        message: Its id.
        body: Its body.
        secrets: The secrets, newest first; each gives one signature.
        seconds: The time of the try, in seconds since 1970.
    """
    content = f"{message}.{seconds}.".encode() + body
    return {
        "webhook-id": message,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(_signature(content, secret) for secret in secrets),
    }


def _signature(content: bytes, secret: str) -> str:
    key = b64decode(secret.removeprefix(SECRET_PREFIX))
    return "v1," + b64encode(hmac.new(key, content, sha256).digest()).decode()
