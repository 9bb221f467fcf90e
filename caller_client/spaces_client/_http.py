"""Turns calls of the core into requests of httpx, and what comes back into replies."""

import contextlib
import io
import re
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

import httpx

from spaces_client._core.effects import Answer, Call, Lost
from spaces_client._core.file_content import Form, Section, Source

_ERRNO: Final = re.compile(r"^\[Errno -?\d+\] ")
"""A number that tells a person nothing."""


class SectionStream(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The bytes of a section, read while they are sent."""

    def __init__(self, section: Section) -> None:
        self._section = section

    def __iter__(self) -> Iterator[bytes]:
        section = self._section
        yield from section.source.pieces(section.offset, section.size)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece


def request_of(call: Call, opened: contextlib.ExitStack) -> httpx.Request:
    """Return the request for a call.

    It has no headers of the client that sends it: the storage refuses credentials of others.

    Args:
        call: the call.
        opened: closes the files that the request reads.
    """
    extensions = {"timeout": httpx.Timeout(call.timeout).as_dict()}
    headers = dict(call.headers)
    content = call.content
    if isinstance(content, Form):
        file = (content.source.name, _file(content.source, opened), content.source.content_type)
        return httpx.Request(
            call.method,
            call.url,
            headers=headers,
            data=content.fields,
            files={"file": file},
            extensions=extensions,
        )
    if isinstance(content, Section):
        headers |= {"host": _host(call.url), "content-length": str(content.size)}
        stream = SectionStream(content)
        return httpx.Request(
            call.method, call.url, headers=headers, stream=stream, extensions=extensions
        )
    return httpx.Request(
        call.method, call.url, headers=headers, content=content, extensions=extensions
    )


def answer_of(response: httpx.Response, content: bytes = b"") -> Answer:
    """Return the answer that a response is."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(status=response.status_code, headers=headers, content=content)


def lost(error: Exception) -> Lost:
    """Return why no answer came."""
    reason = _ERRNO.sub("", str(error)) or type(error).__name__
    connected = not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
    return Lost(reason.rstrip("."), connected=connected, resolved=not _is_unresolved(error))


def _is_unresolved(error: BaseException | None) -> bool:
    """Return whether an error goes back to a name that was not found."""
    return error is not None and (
        isinstance(error, socket.gaierror) or _is_unresolved(error.__cause__ or error.__context__)
    )


class _NotedFile:
    """A file that notes what is read of it."""

    def __init__(self, file: BinaryIO, source: Source) -> None:
        self._file = file
        self._source = source

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the file has
        return getattr(self._file, name)

    def read(self, size: int = -1) -> bytes:
        """Read some bytes."""
        piece = self._file.read(size)
        self._source.note(len(piece))
        return piece


def _file(source: Source, opened: contextlib.ExitStack) -> BinaryIO:
    file = _open(source, opened)
    return cast("BinaryIO", _NotedFile(file, source)) if source.progress else file


def _open(source: Source, opened: contextlib.ExitStack) -> BinaryIO:
    if isinstance(source.content, Path):
        return opened.enter_context(source.content.open("rb"))
    if isinstance(source.content, bytes):
        return io.BytesIO(source.content)
    source.content.seek(0)
    return source.content


def _host(url: str) -> str:
    """Return the header that httpx leaves out if it does not make the body."""
    return httpx.URL(url).netloc.decode("ascii")
