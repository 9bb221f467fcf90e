"""The input of a request that is too large for the socket: fetched like an input file."""

from typing import Final

import msgspec

from spaces_protocol.gateway_messages import Input, InputBody, PresignedFile
from spaces_protocol.limits import MAX_INPUT_BYTES
from spaces_protocol.nesting import is_too_deep
from spaces_worker._errors import TransferError
from spaces_worker._files.request_folder import RequestFolder

ROOM_BYTES: Final = 1024
"""For the names around prompt, params and call, which the limit of a space does not count."""
_NAME: Final = "input.json"


def fetch_body(sent: Input, folder: RequestFolder) -> InputBody:
    """Return what ``body_url`` refers to.

    Raises:
        TransferError: it cannot be fetched, is larger than announced or allowed, or is not such an
            object.
    """
    size = sent.body_bytes or 0
    if size > MAX_INPUT_BYTES + ROOM_BYTES:
        raise TransferError(
            f"the input is announced as {size} bytes; at most {MAX_INPUT_BYTES} fit"
        )
    remote = PresignedFile(
        name=_NAME,
        content_type="application/json",
        size=size,
        url=sent.body_url or "",
        etag=sent.body_etag,
    )
    path = folder.fetch(remote, _NAME)
    try:
        return _read(path.read_bytes())
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise TransferError(f"the input cannot be read: {error}") from error
    finally:
        path.unlink()


def _read(content: bytes) -> InputBody:
    body = msgspec.json.decode(content, type=InputBody)
    if is_too_deep(body.params) or (body.call is not None and is_too_deep(body.call.body)):
        raise msgspec.ValidationError("it is nested too deeply")
    return body
