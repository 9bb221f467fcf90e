"""Lets a visitor upload one file for a space, straight into the files bucket."""

from typing import Final

from spaces.domain.caller import Caller
from spaces.domain.errors import SpaceDisabled
from spaces.domain.file_keys import upload_key
from spaces.domain.file_rules import check_file, rules_or_refusal
from spaces.domain.file_types import essence
from spaces.domain.timing import SECOND
from spaces.services.charge_quota import charge_upload, meter_of
from spaces.services.file_store import StoredFile
from spaces.services.find_space import find_space
from spaces.services.gateway import Gateway
from spaces.services.moments import moment
from spaces_protocol.rest_bodies import NewUpload, UploadAddress

ADDRESS_WORKS: Final = 15 * 60 * SECOND
"""How long a form can be posted; an upload that has begun by then may go on."""


def begin_upload(
    gateway: Gateway, upload: NewUpload, caller: Caller | None = None
) -> UploadAddress:
    """Sign a form that takes this file and no other; nothing is stored yet.

    Args:
        gateway: what reaches outside.
        upload: what is to come.
        caller: who asks; None is the gateway itself, whom nothing limits.

    Raises:
        UnknownSpace, SpaceDisabled, InvalidInput, FileTooLarge, FileTypeRefused: the space does
            not take it.
        RateLimited: the caller has uploaded enough today.
    """
    space = find_space(gateway, upload.space, caller)
    if space.definition.disabled:
        raise SpaceDisabled(f"The space {upload.space!r} takes nothing at present.")
    file = StoredFile(upload.size, essence(upload.content_type), upload.name)
    rules = rules_or_refusal(space.definition)
    check_file(rules, file.content_type, file.size, what="The file")
    meter = meter_of(space.definition, caller)
    if meter is not None and meter.limits.upload_bytes_per_day is not None:
        charge_upload(gateway, meter, file.size)
    upload_id = gateway.random_text()
    until = gateway.now() + ADDRESS_WORKS
    form = gateway.files.upload_form(upload_key(upload.space, upload_id), file, until=until)
    return UploadAddress(
        upload_id=upload_id, url=form.url, fields=form.fields, expires_at=moment(until)
    )
