"""The socket: dials the gateway, again and again, and says in words why it did not work."""

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable
from typing import Final, NoReturn

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus, WebSocketException
from websockets.frames import CloseCode

from spaces_protocol.codec import encode
from spaces_protocol.worker_messages import AnyWorkerMessage
from spaces_worker._backoff import STABLE_SECONDS, LinkEnd, ReconnectDelay
from spaces_worker._fragments import MAX_PAYLOAD_BYTES, fragments
from spaces_worker._settings import Settings
from spaces_worker._version import AGENT

MAX_INCOMING_BYTES: Final = 1024 * 1024
"""Far more than the gateway may send; guards the memory."""
OPEN_SECONDS: Final = 20.0
CLOSE_SECONDS: Final = 2.0

_logger: Final = logging.getLogger(__name__)
_socket_logger: Final = logging.getLogger("spaces_worker.socket")
# At DEBUG, websockets writes the handshake with the token.
_socket_logger.setLevel(logging.WARNING)

Talk = Callable[[ClientConnection], Awaitable[None]]


async def keep_linked(settings: Settings, delay: ReconnectDelay, talk: Talk) -> NoReturn:
    """Dial for ever; ``talk`` has each link until it closes, ``delay`` says how long to wait."""
    while True:
        end = await _one_link(settings, talk)
        seconds = delay(end)
        level = logging.ERROR if end.refused else logging.WARNING
        _logger.log(level, "%s Trying again in %.1f s.", end.reason, seconds)
        await asyncio.sleep(seconds)


async def send(link: ClientConnection, message: AnyWorkerMessage) -> None:
    """Send a message in frames of a size that API Gateway takes."""
    payload = encode(message).encode()
    if len(payload) <= MAX_PAYLOAD_BYTES:
        await link.send(payload, text=True)
    else:
        await link.send(fragments(payload), text=True)


async def _one_link(settings: Settings, talk: Talk) -> LinkEnd:
    try:
        link = await _dial(settings)
    except (OSError, TimeoutError, EOFError, WebSocketException) as error:
        return end_of_dial(error, settings)
    began = asyncio.get_running_loop().time()
    try:
        _logger.info("Linked to %s as %s.", settings.url, settings.worker_id)
        await talk(link)
    finally:
        await link.close()
    lived = asyncio.get_running_loop().time() - began
    return end_of_link(link.close_code, link.close_reason, lived, settings)


async def _dial(settings: Settings) -> ClientConnection:
    headers = {"Authorization": f"Bearer {settings.token}", "X-Worker-Id": settings.worker_id}
    return await connect(
        settings.url,
        additional_headers=headers,
        user_agent_header=AGENT,
        compression=None,  # API Gateway offers none
        ping_interval=None,  # see Keepalive
        open_timeout=OPEN_SECONDS,
        close_timeout=CLOSE_SECONDS,
        max_size=MAX_INCOMING_BYTES,
        logger=_socket_logger,
    )


def end_of_link(code: int | None, reason: str | None, lived: float, settings: Settings) -> LinkEnd:
    """Say how a link ended, and what an early end by the gateway may mean."""
    words = f"The link closed ({code}: {reason})." if reason else f"The link closed ({code})."
    if code == CloseCode.NORMAL_CLOSURE and lived < STABLE_SECONDS:
        words += f" If that repeats, another worker runs with the same id, {settings.worker_id}."
    return LinkEnd(reason=words, lived_seconds=lived)


def end_of_dial(error: Exception, settings: Settings) -> LinkEnd:
    """Say why dialling failed and what the operator can do."""
    if isinstance(error, InvalidStatus):
        return _refused(error, settings)
    if isinstance(error, ssl.SSLCertVerificationError):
        reason = (
            f"The certificate of {settings.url} is not trusted ({error.verify_message}). "
            "Behind a proxy with its own authority, set SSL_CERT_FILE to its certificate."
        )
    elif isinstance(error, TimeoutError):
        reason = f"{settings.url} did not answer within {OPEN_SECONDS:.0f} s."
    else:
        reason = f"{settings.url} cannot be reached ({error})."
    return LinkEnd(reason=reason)


def _refused(error: InvalidStatus, settings: Settings) -> LinkEnd:
    status = error.response.status_code
    if status in {401, 403}:
        reason = (
            f"The gateway refused the token of {settings.worker_id} ({status}). Check the token: "
            "it may be mistyped, expired, revoked or made for another gateway."
        )
    elif status == 404:  # noqa: PLR2004 - HTTP
        reason = f"There is no gateway at {settings.url} (404). Check the url."
    else:
        reason = f"The gateway answered the handshake with {status}."
    asked = error.response.headers.get("Retry-After", "")
    retry_after = float(asked) if asked.isdecimal() else None
    return LinkEnd(reason=reason, status=status, retry_after_seconds=retry_after)
