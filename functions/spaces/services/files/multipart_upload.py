"""Multipart uploads: which parts are missing, where to send them, and completing the file."""

from typing import Final

from spaces.domain.access.caller import Caller
from spaces.domain.errors import InvalidInput, UploadIncomplete, UploadMissing
from spaces.domain.files.keys import upload_key
from spaces.domain.files.parts import Part, parts_of, size_in_id
from spaces.domain.files.rules import check_size, rules_or_refusal
from spaces.domain.space import check_enabled
from spaces.domain.timing import SECOND
from spaces.services.access.charge_quota import charge_upload, quota_of
from spaces.services.access.find_space import find_space
from spaces.services.ports.file_store import StoredFile, StoredPart
from spaces.services.ports.gateway import Gateway
from spaces.services.timestamps import timestamp
from spaces_protocol.limits import MAX_PART_URLS
from spaces_protocol.rest_bodies import MultipartUpload, NamedMultipart, PartAddress

URL_LIFETIME: Final = 15 * 60 * SECOND
"""How long an upload or a part can be started; one that has started may continue."""


def begin_parts(gateway: Gateway, key: str, file: StoredFile) -> MultipartUpload:
    """Begin a multipart upload under a key that nobody else has."""
    multipart_id = gateway.files.begin_parts(key, file)
    return _view(gateway, key, multipart_id, parts_of(file.size), arrived=0)


def missing_parts(
    gateway: Gateway, upload_id: str, named: NamedMultipart, caller: Caller | None = None
) -> MultipartUpload:
    """Return the URLs of the next missing parts.

    Raises:
        UnknownSpace, SpaceDisabled, InvalidInput, FileTooLarge: The space does not accept it.
        UploadMissing: The space has no such upload in progress.
        RateLimited: The caller has reached a limit for uploads.
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
    """Assemble the file from its parts. Safe to repeat.

    Raises:
        UnknownSpace, SpaceDisabled, InvalidInput, FileTooLarge: The space does not accept it.
        UploadIncomplete: Parts are missing.
        UploadMissing: The space has no such upload, in progress or complete.
        RateLimited: The caller has reached a limit for uploads.
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
    """Discard the parts that have arrived. Safe to repeat.

    Raises:
        UnknownSpace, SpaceDisabled, InvalidInput, FileTooLarge: The space does not accept it.
        RateLimited: The caller has reached a limit for uploads.
    """
    key, _ = _find(gateway, upload_id, named, caller)
    gateway.files.abort_parts(key, named.multipart_id)


def _find(
    gateway: Gateway, upload_id: str, named: NamedMultipart, caller: Caller | None
) -> tuple[str, list[Part]]:
    """Return the key of the file and its parts if the space would still accept it."""
    space = find_space(gateway, named.space, caller)
    check_enabled(space.definition)
    size = size_in_id(upload_id)
    if size is None:
        raise InvalidInput(
            "This upload_id does not belong to a multipart upload. Post the file to the url that "
            "POST /v1/uploads returned."
        )
    check_size(rules_or_refusal(space.definition), size, what="The file")
    charge_upload(gateway, quota_of(space.definition, caller))
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
            for part in missing[:MAX_PART_URLS]
        ],
        expires_at=timestamp(gateway.now() + URL_LIFETIME),
    )


def _incomplete(missing: list[Part]) -> UploadIncomplete:
    numbers = ", ".join(str(part.number) for part in missing[:MAX_PART_URLS])
    more = ", …" if len(missing) > MAX_PART_URLS else ""
    return UploadIncomplete(
        f"Parts are missing: {numbers}{more}. Get their URLs with "
        "POST /v1/uploads/{upload_id}/parts, upload them, then complete the file again."
    )


def _unknown_upload() -> UploadMissing:
    return UploadMissing(
        "This space has no such upload in progress: it was never started here, was aborted, or is "
        "more than a day old. Start again with POST /v1/uploads."
    )
