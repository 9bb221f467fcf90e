"""Embeds the files of a request in JSON as data URLs (RFC 2397)."""

import base64
from typing import Any

from spaces_worker._errors import UserError
from spaces_worker._files.input_files import InputFile
from spaces_worker._functions.context import RequestContext
from spaces_worker._runtime.threads import in_thread

MAX_BYTES = 32 * 1024 * 1024
"""Maximum total size of the files of a request; larger files do not belong in JSON."""


async def data_urls(context: RequestContext) -> list[str]:
    """Download the files of a request and return a data URL for each.

    Raises:
        UserError: they are too large.
        TransferError: a download failed.
    """
    if sum(file.size for file in context.files) > MAX_BYTES:
        most = MAX_BYTES // 1024**2
        raise UserError(f"The model takes at most {most} MB of files.", error_type="file_too_large")
    return [await _data_url(file) for file in context.files]


async def image_parts(context: RequestContext) -> list[dict[str, Any]]:
    """Return the files of a request as parts of a message.

    Raises:
        UserError: one is not an image, or they are too large.
        TransferError: a download failed.
    """
    other = [file.name for file in context.files if not file.content_type.startswith("image/")]
    if other:
        raise UserError(
            f"This model only accepts images, not {other[0]}.", error_type="file_type_refused"
        )
    return [{"type": "image_url", "image_url": {"url": url}} for url in await data_urls(context)]


async def _data_url(file: InputFile) -> str:
    path = await file.download()
    content = await in_thread(lambda: base64.b64encode(path.read_bytes()).decode("ascii"))
    return f"data:{file.content_type};base64,{content}"
