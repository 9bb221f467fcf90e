"""Reads an HTTP response that is a text or a file, as it arrives."""

import codecs
import contextlib
from collections.abc import AsyncIterator
from email.message import Message
from pathlib import Path
from typing import Final

import httpx

from spaces_protocol.limits import MAX_FILE_BYTES
from spaces_worker._errors import UserError
from spaces_worker._files.disk_errors import check_room, writing
from spaces_worker._files.file_names import ending_of_type
from spaces_worker._files.result_file import File
from spaces_worker._functions.result import Result

MAX_ERROR_BYTES: Final = 65_536
"""Number of bytes to read of an error response."""


class NoAnswer(Exception):
    """The response has no content where its type promises some."""


def content_type_of(response: httpx.Response) -> str:
    """Return the content type without parameters, in lower case."""
    return _header(response, "Content-Type").get_content_type()


async def text_of(response: httpx.Response) -> AsyncIterator[str | Result]:
    """Yield a text as it arrives, without splitting characters."""
    decoder = _decoder(response)
    async for piece in response.aiter_bytes():
        text = decoder.decode(piece)
        if text:
            yield text
    yield decoder.decode(b"", final=True)


def _decoder(response: httpx.Response) -> codecs.IncrementalDecoder:
    """Return the decoder of a text; that of UTF-8, without its mark, if its own is unknown."""
    with contextlib.suppress(LookupError, ValueError):
        charset = _header(response, "Content-Type").get_content_charset("utf-8")
        b"-".decode(charset, "replace")  # refuses "hex" and others that are not character sets
        if codecs.lookup(charset).name != "utf-8":
            return codecs.getincrementaldecoder(charset)("replace")
    return codecs.getincrementaldecoder("utf-8-sig")("replace")


async def refusal_of(response: httpx.Response) -> str:
    """Return the beginning of an error response, which may be endless."""
    content = bytearray()
    async for piece in response.aiter_bytes():
        content += piece
        if len(content) >= MAX_ERROR_BYTES:
            break
    return content[:MAX_ERROR_BYTES].decode("utf-8", "replace")


async def file_of(response: httpx.Response, folder: Path) -> AsyncIterator[str | Result]:
    """Write a response to a folder, and yield it as a file.

    Raises:
        UserError: the file is larger than the gateway accepts.
        TransferError: there is no room for it on the disk.
    """
    kind = content_type_of(response)
    path = folder / "answer"
    with writing("the file of the answer", folder):
        file = path.open("wb")
    with file:
        async for piece in response.aiter_bytes():
            if file.tell() + len(piece) > MAX_FILE_BYTES:
                raise UserError(
                    "The file of the answer is too large to deliver: it has more than "
                    f"{MAX_FILE_BYTES / 1e6:.0f} MB.",
                    error_type="output_too_large",
                )
            with writing("the file of the answer", folder):
                check_room(folder, len(piece))
                file.write(piece)
    if not path.stat().st_size:
        raise NoAnswer
    yield Result(files=[File(path, name=_name(response, kind), content_type=kind)])


def _name(response: httpx.Response, kind: str) -> str:
    name = None
    with contextlib.suppress(ValueError):  # the number of a parameter's part has too many digits
        name = _header(response, "Content-Disposition").get_filename()
    return name or f"answer{ending_of_type(kind)}"


def _header(response: httpx.Response, name: str) -> Message:
    # The standard library's header parser handles quoting, character sets and RFC 2231.
    message = Message()
    message[name] = response.headers.get(name, "application/octet-stream")
    return message
