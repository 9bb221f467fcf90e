"""Lets a visitor upload one file for a space, straight into the files bucket."""

from typing import Final

from spaces.domain.errors import SpaceDisabled
from spaces.domain.file_keys import upload_key
from spaces.domain.file_rules import check_file, rules_or_refusal
from spaces.domain.file_types import essence
from spaces.domain.timing import SECOND
from spaces.services.change_queue import check_name, unknown_space
from spaces.services.file_store import StoredFile
from spaces.services.gateway import Gateway
from spaces.services.moments import moment
from spaces_protocol.rest_bodies import NewUpload, UploadAddress

ADDRESS_WORKS: Final = 15 * 60 * SECOND
"""How long a form can be posted; an upload that has begun by then may go on."""


def begin_upload(gateway: Gateway, upload: NewUpload) -> UploadAddress:
    """Sign a form that takes this file and no other; nothing is stored yet.

    Raises:
        UnknownSpace, SpaceDisabled, InvalidInput, FileTooLarge, FileTypeRefused: the space does
            not take it.
    """
    space = gateway.spaces.load(check_name(upload.space))
    if space is None:
        raise unknown_space(upload.space)
    if space.definition.disabled:
        raise SpaceDisabled(f"The space {upload.space!r} takes nothing at present.")
    file = StoredFile(upload.size, essence(upload.content_type), upload.name)
    rules = rules_or_refusal(space.definition)
    check_file(rules, file.content_type, file.size, what="The file")
    upload_id = gateway.random_text()
    until = gateway.now() + ADDRESS_WORKS
    form = gateway.files.upload_form(upload_key(upload.space, upload_id), file, until=until)
    return UploadAddress(
        upload_id=upload_id, url=form.url, fields=form.fields, expires_at=moment(until)
    )
