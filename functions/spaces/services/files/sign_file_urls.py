"""Signs URLs of files, for the worker that runs a request and for those who may read it."""

from collections.abc import Container, Iterable
from typing import Any, Final, Literal

from msgspec import to_builtins

from spaces.domain.files.content_disposition import content_disposition
from spaces.domain.files.keys import example_key, output_prefix
from spaces.domain.files.media_types import UNKNOWN_TYPE, essence, is_inline, usual_name
from spaces.domain.request import Request
from spaces.domain.timing import SECOND
from spaces.services.ports.file_store import Download
from spaces.services.ports.gateway import Gateway
from spaces.services.timestamps import timestamp
from spaces_protocol import gateway_messages as messages
from spaces_protocol.examples import Example
from spaces_protocol.model_call import ModelCall
from spaces_protocol.rest_bodies import ExampleFileView, FileView, InputView

VIEW_URL_LIFETIME: Final = 3600 * SECOND
"""Lifetime of a URL for a browser; asking again returns a new one."""
AFTER_DEADLINE: Final = 60 * SECOND
"""How long a worker's URLs outlive its deadline, because clocks differ. No result counts later."""

StoredEntry = dict[str, Any]
"""A file as stored in a request or result: name, content_type, size, key, and its ETag if it lies
where a signed form can still replace it."""


def input_for_worker(gateway: Gateway, request: Request, deadline: int) -> messages.Input:
    """Return the submitted input with presigned URLs of its files."""
    seconds = (deadline + AFTER_DEADLINE - gateway.now()) // SECOND
    stored = request.input
    body_key = stored.get("body_key")
    call = stored.get("call")
    return messages.Input(
        prompt=stored.get("prompt"),
        params=stored.get("params", {}),
        call=ModelCall(**call) if call else None,
        body_url=gateway.files.download_url(body_key, seconds=seconds) if body_key else None,
        body_bytes=stored.get("body_bytes"),
        body_etag=stored.get("body_etag"),
        files=[
            messages.PresignedFile(
                name=file["name"],
                content_type=file["content_type"],
                size=file["size"],
                url=gateway.files.download_url(file["key"], seconds=seconds),
                etag=file.get("etag"),
            )
            for file in stored.get("files", ())
        ],
    )


def input_for_reader(
    gateway: Gateway, stored: dict[str, Any], *, without: Container[str] = ()
) -> InputView:
    """Return the submitted input with presigned URLs for a browser.

    Args:
        gateway: Access to the outside.
        stored: The input as it is stored.
        without: The keys of files that are left out.
    """
    call = stored.get("call")
    return InputView(
        prompt=stored.get("prompt"),
        call=ModelCall(**call) if call else None,
        body_url=_body_url(gateway, stored["body_key"]) if "body_key" in stored else None,
        body_bytes=stored.get("body_bytes"),
        files=view_files(gateway, stored.get("files", ()), without=without),
        params=stored.get("params", {}),
    )


def _body_url(gateway: Gateway, key: str) -> str:
    download = Download("application/json", content_disposition("attachment", "input.json"))
    seconds = VIEW_URL_LIFETIME // SECOND
    return gateway.files.download_url(key, seconds=seconds, download=download)


def output_policy(
    gateway: Gateway, request: Request, attempt: int, deadline: int
) -> messages.UploadPolicy | None:
    """Return the upload policy for one dispatch; each dispatch has its own key prefix."""
    prefix = output_prefix(request.request_id, attempt, gateway.random_text())
    return gateway.files.output_policy(prefix, until=deadline + AFTER_DEADLINE)


def changed_files(gateway: Gateway, files: Iterable[StoredEntry]) -> list[str]:
    """Return the keys of files that were replaced after they were submitted or answered."""
    now = gateway.now()
    return [
        file["key"]
        for file in files
        if "etag" in file and not gateway.files.is_unchanged(file["key"], file["etag"], now=now)
    ]


def view_files(
    gateway: Gateway, files: Iterable[StoredEntry], *, without: Container[str] = ()
) -> list[FileView]:
    """Return files with URLs for a browser.

    Args:
        gateway: Access to the outside.
        files: The files.
        without: The keys of files that are left out.
    """
    return [_view(gateway, file) for file in files if file["key"] not in without]


def view_example_files(gateway: Gateway, space_id: str, example: Example) -> list[ExampleFileView]:
    """Return the files of an example with URLs for a browser."""
    views = (
        _view(gateway, {**to_builtins(file), "key": example_key(space_id, file.sha256)})
        for file in example.files
    )
    return [
        ExampleFileView(
            name=view.name,
            content_type=view.content_type,
            size=view.size,
            url=view.url,
            inline=view.inline,
        )
        for view in views
    ]


def _view(gateway: Gateway, file: StoredEntry) -> FileView:
    content_type = essence(file["content_type"])
    inline = is_inline(content_type)
    saved = _url(gateway, file, UNKNOWN_TYPE, "attachment")
    return FileView(
        name=file["name"],
        content_type=content_type,
        size=file["size"],
        url=_url(gateway, file, usual_name(content_type), "inline") if inline else saved,
        download_url=saved,
        inline=inline,
        expires_at=timestamp(gateway.now() + VIEW_URL_LIFETIME),
    )


def _url(
    gateway: Gateway, file: StoredEntry, content_type: str, kind: Literal["inline", "attachment"]
) -> str:
    download = Download(
        content_type=content_type, disposition=content_disposition(kind, file["name"])
    )
    return gateway.files.download_url(
        file["key"], seconds=VIEW_URL_LIFETIME // SECOND, download=download
    )
