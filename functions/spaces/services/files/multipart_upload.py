"""Lets a visitor send a large file in parts: which are missing, where to, and when it is whole."""

from typing import Final

from spaces.domain.access.caller import Caller
from spaces.domain.errors import InvalidInput, UploadIncomplete, UploadMissing
from spaces.domain.files.keys import upload_key
from spaces.domain.files.parts import Part, parts_of, size_in_id
from spaces.domain.files.rules import check_size, rules_or_refusal
from spaces.domain.space import check_enabled
from spaces.domain.timing import SECOND
from spaces.services.access.find_space import find_space
from spaces.services.ports.file_store import StoredFile, StoredPart
from spaces.services.ports.gateway import Gateway
from spaces.services.timestamps import timestamp
from spaces_protocol.limits import MAX_PARTS_TOLD
from spaces_protocol.rest_bodies import MultipartUpload, NamedMultipart, PartAddress

URL_LIFETIME: Final = 15 * 60 * SECOND
"""How long an upload, or a part of one, can be begun; what has begun by then may go on."""


def begin_parts(gateway: Gateway, key: str, file: StoredFile) -> MultipartUpload:
    """Let a file come in parts under a key that nobody else has."""
    multipart_id = gateway.files.begin_parts(key, file)
    return _view(gateway, key, multipart_id, parts_of(file.size), arrived=0)


def missing_parts(
    gateway: Gateway, upload_id: str, named: NamedMultipart, caller: Caller | None = None
) -> MultipartUpload:
    """Return where to put the next of the parts that have not arrived.

    Raises:
        UnknownSpace, SpaceDisabled, InvalidInput, FileTooLarge: the space does not take it.
        UploadMissing: no such upload is on its way to this space.
    """
    key, parts = _find(gateway, upload_id, named, caller)
    stored = gateway.files.stored_parts(key, named.multipart_id)
    if stored is None:
        raise _unknown_upload()
    missing = _missing(parts, stored)
    arrived = sum(part.size for part in parts) - sum(part.size for part in missing)
    return _view(gateway, key, named.multipart_id, missing, arrived)


def complete_upload(
    gateway: Gateway, upload_id: str, named: NamedMultipart, caller: Caller | None = None
) -> None:
    """Make a file of its parts; doing it again changes nothing.

    Raises:
        UnknownSpace, SpaceDisabled, InvalidInput, FileTooLarge: the space does not take it.
        UploadIncomplete: parts have not arrived.
        UploadMissing: no such upload is on its way to this space, or has arrived.
    """
    key, parts = _find(gateway, upload_id, named, caller)
    stored = gateway.files.stored_parts(key, named.multipart_id)
    if stored is not None:
        missing = _missing(parts, stored)
        if missing:
            raise _incomplete(missing)
        if gateway.files.complete_parts(key, named.multipart_id, stored):
            return
    if gateway.files.describe(key) is None:
        raise _unknown_upload()


def abort_upload(
    gateway: Gateway, upload_id: str, named: NamedMultipart, caller: Caller | None = None
) -> None:
    """Throw away the parts that have arrived; doing it again changes nothing.

    Raises:
        UnknownSpace, SpaceDisabled, InvalidInput, FileTooLarge: the space does not take it.
    """
    key, _ = _find(gateway, upload_id, named, caller)
    gateway.files.abort_parts(key, named.multipart_id)


def _find(
    gateway: Gateway, upload_id: str, named: NamedMultipart, caller: Caller | None
) -> tuple[str, list[Part]]:
    """Return where the file is to lie, and its parts, if the space would still take it."""
    space = find_space(gateway, named.space, caller)
    check_enabled(space.definition)
    size = size_in_id(upload_id)
    if size is None:
        raise InvalidInput(
            "This upload_id is of no file in parts. Post the file to the url of its announcement."
        )
    check_size(rules_or_refusal(space.definition), size, what="The file")
    return upload_key(named.space, upload_id), parts_of(size)


def _missing(parts: list[Part], stored: list[StoredPart]) -> list[Part]:
    sizes = {part.number: part.size for part in stored}
    return [part for part in parts if sizes.get(part.number) != part.size]


def _view(
    gateway: Gateway, key: str, multipart_id: str, missing: list[Part], arrived: int
) -> MultipartUpload:
    seconds = URL_LIFETIME // SECOND
    return MultipartUpload(
        multipart_id=multipart_id,
        arrived_bytes=arrived,
        parts=[
            PartAddress(
                number=part.number,
                offset=part.offset,
                size=part.size,
                url=gateway.files.part_url(key, multipart_id, part, seconds=seconds),
            )
            for part in missing[:MAX_PARTS_TOLD]
        ],
        expires_at=timestamp(gateway.now() + URL_LIFETIME),
    )


def _incomplete(missing: list[Part]) -> UploadIncomplete:
    numbers = ", ".join(str(part.number) for part in missing[:MAX_PARTS_TOLD])
    more = ", …" if len(missing) > MAX_PARTS_TOLD else ""
    return UploadIncomplete(
        f"Parts have not arrived: {numbers}{more}. Ask for their addresses with "
        "POST /v1/uploads/{upload_id}/parts, put them there, then complete it again."
    )


def _unknown_upload() -> UploadMissing:
    return UploadMissing(
        "No such upload is on its way to this space: it was never begun here, was given up, or is "
        "older than a day. Begin again with POST /v1/uploads."
    )
