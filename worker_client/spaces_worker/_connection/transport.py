"""The WebSocket: connects to the gateway and explains why a connection failed."""

import asyncio
import logging
import ssl
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus, WebSocketException

from spaces_protocol.codec import encode
from spaces_protocol.limits import MAX_FRAME_BYTES
from spaces_protocol.worker_messages import AnyWorkerMessage
from spaces_worker._connection.backoff import LinkEnd
from spaces_worker._environment.proxies import proxy_of_socket
from spaces_worker._environment.values import shown_url
from spaces_worker._errors import SettingsError
from spaces_worker._log import wing_logger
from spaces_worker._settings import Settings
from spaces_worker._text import split_utf8
from spaces_worker._version import AGENT

CONNECT_ERRORS: Final = (OSError, EOFError, SettingsError, ValueError, WebSocketException)
"""What `open_connection` may raise.

SettingsError if the proxy is invalid or cannot be used; ValueError if its responses are malformed.
"""
FRAME_HEADER_BYTES: Final = 14
"""Longest header of a frame sent by a client (RFC 6455, section 5.2)."""
MAX_PAYLOAD_BYTES: Final = MAX_FRAME_BYTES - FRAME_HEADER_BYTES
MAX_INCOMING_BYTES: Final = 1024 * 1024
"""Far more than the gateway sends; protects the memory."""
OPEN_SECONDS: Final = 20.0
CLOSE_SECONDS: Final = 2.0

_logger: Final = wing_logger(__name__)
_socket_logger: Final = logging.getLogger("spaces_worker.socket")
# At DEBUG, websockets logs the handshake, which contains the token.
_socket_logger.setLevel(logging.WARNING)


class _Connect(connect):
    """Connects without following redirects, which could lead into the worker's own network."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        """Treat a redirect as a refusal."""
        return exc


async def send(connection: ClientConnection, message: AnyWorkerMessage) -> None:
    """Send a message in frames that are small enough for API Gateway."""
    payload = encode(message).encode()
    if len(payload) <= MAX_PAYLOAD_BYTES:
        await connection.send(payload, text=True)
    else:
        await connection.send(split_utf8(payload, MAX_PAYLOAD_BYTES), text=True)


async def open_connection(settings: Settings, tls: ssl.SSLContext | None) -> ClientConnection:
    """Open a connection.

    Args:
        settings: URL, token and id of this worker.
        tls: TLS settings; None for an unencrypted connection.

    Raises:
        One of `CONNECT_ERRORS`; `connect_failure` explains it.
    """
    proxy = proxy_of_socket(settings.url)
    headers = {"Authorization": f"Bearer {settings.token}", "X-Worker-Id": settings.worker_id}
    return await _Connect(
        settings.url,
        additional_headers=headers,
        user_agent_header=AGENT,
        compression=None,  # API Gateway does not support it
        ping_interval=None,  # see Keepalive
        open_timeout=OPEN_SECONDS,
        close_timeout=CLOSE_SECONDS,
        max_size=MAX_INCOMING_BYTES,
        logger=_socket_logger,
        ssl=tls,
        proxy=None if proxy is None else proxy.url,
    )


def peer_address(connection: ClientConnection, settings: Settings) -> str | None:
    """Return the IP address of the gateway; None if there is a proxy in between."""
    if proxy_of_socket(settings.url) is not None:
        return None
    return str(connection.remote_address[0])


async def close_connection(
    connection: ClientConnection, seconds: float = 2 * CLOSE_SECONDS
) -> None:
    """Close a connection, or abort it if the peer has stopped reading."""
    try:
        async with asyncio.timeout(seconds):
            await connection.close()
    except TimeoutError:
        connection.transport.abort()


def connection_end(
    code: int | None, reason: str | None, open_seconds: float, settings: Settings, *, replaced: bool
) -> LinkEnd:
    """Describe how a connection ended.

    Args:
        code: the close code.
        reason: the close reason.
        open_seconds: how long the connection was open.
        settings: of this worker.
        replaced: whether another process with the same worker id is the cause.
    """
    words = (
        f"The connection closed ({code}: {reason})."
        if reason
        else f"The connection closed ({code})."
    )
    if replaced:
        words = (
            f"Another worker with the id {settings.worker_id} keeps replacing this one. Stop one "
            "of them, or give each its own id (--worker-id)."
        )
    return LinkEnd(reason=words, lived_seconds=open_seconds, replaced=replaced)


def connect_failure(error: Exception, settings: Settings) -> LinkEnd:
    """Describe why connecting failed and what the operator can do."""
    if isinstance(error, InvalidStatus):
        return _refused(error, settings)
    if isinstance(error, ssl.SSLCertVerificationError):
        reason = (
            f"The certificate of {shown_url(settings.url)} is not trusted "
            f"({error.verify_message}). If a proxy uses its own certificate authority, set "
            "--ca-file or SPACES_CA_FILE to its certificate."
        )
    elif isinstance(error, SettingsError):
        reason = str(error)
    elif isinstance(error, TimeoutError):
        reason = f"{shown_url(settings.url)} did not respond within {OPEN_SECONDS:.0f} s."
    elif isinstance(error, ConnectionRefusedError):
        reason = f"{shown_url(settings.url)} refused the connection: nothing listens there."
    else:
        reason = f"{shown_url(settings.url)} cannot be reached ({error})."
    return LinkEnd(reason=reason)


def _refused(error: InvalidStatus, settings: Settings) -> LinkEnd:
    status = error.response.status_code
    if status in {401, 403}:
        reason = (
            # API Gateway answers a wrong path with 403, too.
            f"The gateway rejected the token of {settings.worker_id} ({status}). Check the token "
            f"and the URL {shown_url(settings.url)}: the token may be mistyped, expired, revoked "
            "or issued by another gateway, and the URL must end with its stage, such as /v1."
        )
    elif status == 404:  # noqa: PLR2004 - HTTP
        reason = f"No gateway found at {shown_url(settings.url)} (404). Check the URL."
    elif "Location" in error.response.headers:
        address = shown_url(error.response.headers["Location"])
        reason = (
            f"{shown_url(settings.url)} answered {status} and points to {address}. "
            "Redirects are not followed; if that address is right, use it as the url."
        )
    else:
        reason = f"The gateway rejected the connection with status {status}."
    asked = retry_after(error.response.headers.get("Retry-After", ""), datetime.now(UTC))
    return LinkEnd(reason=reason, status=status, retry_after_seconds=asked)


def retry_after(header: str, now: datetime) -> float | None:
    """Return the seconds of a Retry-After header, which may also be a date (RFC 9110, 10.2.3)."""
    if header.isdecimal():
        return float(header)
    try:
        until = parsedate_to_datetime(header)
    except (ValueError, OverflowError):
        return None
    if until.tzinfo is None:
        return None
    return max(0.0, (until - now).total_seconds())
