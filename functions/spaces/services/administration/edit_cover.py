"""Manages the cover image of a space."""

from typing import Final

from msgspec.structs import replace

from spaces.domain.errors import UploadMissing
from spaces.domain.files.keys import upload_key
from spaces.domain.files.media_types import essence
from spaces.domain.space import Definition
from spaces.domain.timing import SECOND
from spaces.services.administration.audited import Change, audited
from spaces.services.administration.edit_space import (
    expect_not_deleting,
    find_definition,
    store_edit,
)
from spaces.services.administration.space_settings import settings_of
from spaces.services.ports.file_store import StoredFile
from spaces.services.ports.gateway import Gateway
from spaces.services.timestamps import timestamp
from spaces_protocol.admin_bodies import NewCover, SpaceSettings
from spaces_protocol.rest_bodies import UploadAddress

URL_LIFETIME: Final = 15 * 60 * SECOND
MAX_BYTES: Final = 1024**2
TYPES: Final = ("image/png", "image/jpeg", "image/webp")
_NO_IMAGE: Final = "No image (PNG, JPEG or WebP, at most 1 MB) was uploaded with this upload_id."


def begin_cover(gateway: Gateway, space_id: str, cover: NewCover) -> UploadAddress:
    """Sign an upload form for a cover image.

    Raises:
        UnknownSpace: The space does not exist.
    """
    find_definition(gateway, space_id)
    upload_id, until = gateway.random_text(), gateway.now() + URL_LIFETIME
    file = StoredFile(cover.size, cover.content_type, "cover")
    form = gateway.files.upload_form(upload_key(space_id, upload_id), file, until=until)
    return UploadAddress(
        upload_id=upload_id, url=form.url, fields=form.fields, expires_at=timestamp(until)
    )


def set_cover(gateway: Gateway, space_id: str, upload_id: str, who: str) -> SpaceSettings:
    """Use an uploaded image as the cover, after checking what was really uploaded.

    Raises:
        UnknownSpace: The space does not exist.
        UploadMissing: Nothing was uploaded, or not a suitable image.
        EditConflict: Someone edited the space at the same time.
        SpaceDisabled: The space is being deleted.
    """
    definition = find_definition(gateway, space_id)
    source = upload_key(space_id, upload_id)
    stored = gateway.files.describe(source)
    if stored is None or stored.size > MAX_BYTES or essence(stored.content_type) not in TYPES:
        raise UploadMissing(_NO_IMAGE)
    cover = f"covers/{space_id}/{gateway.random_text()}"
    planned = Change({"cover": definition.cover}, {"cover": cover})
    with audited(gateway, who, "set_cover", space_id, planned):
        expect_not_deleting(definition)
        if not gateway.files.copy_unchanged(source, cover, stored.etag):
            raise UploadMissing(_NO_IMAGE)
        return _edited(gateway, definition, cover)


def remove_cover(gateway: Gateway, space_id: str, who: str) -> SpaceSettings:
    """Remove the cover image of a space.

    Raises:
        UnknownSpace: The space does not exist.
        EditConflict: Someone edited the space at the same time.
        SpaceDisabled: The space is being deleted.
    """
    definition = find_definition(gateway, space_id)
    planned = Change({"cover": definition.cover}, {"cover": None})
    with audited(gateway, who, "remove_cover", space_id, planned):
        expect_not_deleting(definition)
        return _edited(gateway, definition, None)


def _edited(gateway: Gateway, definition: Definition, cover: str | None) -> SpaceSettings:
    """Store the edit, then delete the old image; a crash leaves at most an unused one."""
    after = replace(
        definition, cover=cover, version=definition.version + 1, updated_at=gateway.now()
    )
    store_edit(gateway, definition, after)
    if definition.cover is not None:
        gateway.files.remove([definition.cover])
    return settings_of(gateway, after)
