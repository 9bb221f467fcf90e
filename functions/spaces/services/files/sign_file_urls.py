"""Addresses of files: for the worker that runs a request, and for whoever may read it."""

from collections.abc import Iterable
from typing import Any, Final, Literal

from spaces.domain.files.content_disposition import content_disposition
from spaces.domain.files.keys import output_prefix
from spaces.domain.files.media_types import UNKNOWN_TYPE, essence, is_inline
from spaces.domain.request import Request
from spaces.domain.timing import SECOND
from spaces.services.ports.file_store import Download
from spaces.services.ports.gateway import Gateway
from spaces.services.timestamps import timestamp
from spaces_protocol import gateway_messages as messages
from spaces_protocol.rest_bodies import FileView

VIEWS_WORK: Final = 3600 * SECOND
"""How long an address works that a visitor is told; asking again gives a new one."""
AFTER_DEADLINE: Final = 15 * 60 * SECOND
"""How long a worker's addresses outlive its deadline: for the answer that comes just in time."""

Kept = dict[str, Any]
"""A file as a request or an answer keeps it: name, content_type, size, key."""


def input_for_worker(gateway: Gateway, request: Request, deadline: int) -> messages.Input:
    """Return what was submitted, with addresses from which its files are fetched."""
    seconds = (deadline + AFTER_DEADLINE - gateway.now()) // SECOND
    kept = request.input
    return messages.Input(
        prompt=kept.get("prompt"),
        params=kept.get("params", {}),
        files=[
            messages.PresignedFile(
                name=file["name"],
                content_type=file["content_type"],
                size=file["size"],
                url=gateway.files.address(file["key"], seconds=seconds),
            )
            for file in kept.get("files", ())
        ],
    )


def output_policy(
    gateway: Gateway, request: Request, attempt: int, deadline: int
) -> messages.UploadPolicy | None:
    """Return where the files of one hand-over go; each hand-over has a prefix of its own."""
    prefix = output_prefix(request.request_id, attempt, gateway.random_text())
    return gateway.files.output_policy(prefix, until=deadline + AFTER_DEADLINE)


def view_files(gateway: Gateway, files: Iterable[Kept]) -> list[FileView]:
    """Return files with addresses for a browser."""
    return [_view(gateway, file) for file in files]


def _view(gateway: Gateway, file: Kept) -> FileView:
    content_type = essence(file["content_type"])
    inline = is_inline(content_type)
    saved = _address(gateway, file, UNKNOWN_TYPE, "attachment")
    return FileView(
        name=file["name"],
        content_type=content_type,
        size=file["size"],
        url=_address(gateway, file, content_type, "inline") if inline else saved,
        download_url=saved,
        inline=inline,
        expires_at=timestamp(gateway.now() + VIEWS_WORK),
    )


def _address(
    gateway: Gateway, file: Kept, content_type: str, kind: Literal["inline", "attachment"]
) -> str:
    download = Download(
        content_type=content_type, disposition=content_disposition(kind, file["name"])
    )
    return gateway.files.address(file["key"], seconds=VIEWS_WORK // SECOND, download=download)
