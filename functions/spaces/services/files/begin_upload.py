"""Begins the upload of one file for a space, directly to the files bucket."""

from spaces.domain.access.caller import Caller
from spaces.domain.files.keys import upload_key
from spaces.domain.files.media_types import essence
from spaces.domain.files.parts import id_with_size, is_in_parts
from spaces.domain.files.rules import check_file, rules_or_refusal
from spaces.domain.space import check_enabled
from spaces.services.access.charge_quota import charge_upload, quota_of
from spaces.services.access.find_space import find_space
from spaces.services.files.multipart_upload import URL_LIFETIME, begin_parts
from spaces.services.ports.file_store import StoredFile
from spaces.services.ports.gateway import Gateway
from spaces.services.timestamps import timestamp
from spaces_protocol.rest_bodies import NewUpload, UploadAddress


def begin_upload(
    gateway: Gateway, upload: NewUpload, caller: Caller | None = None
) -> UploadAddress:
    """Sign a form that accepts exactly this file and, if it is large, the URLs of its parts.

    Args:
        gateway: Access to the outside.
        upload: The announced file.
        caller: The caller; None for the gateway itself, which has no limits.

    Raises:
        UnknownSpace, SpaceDisabled, InvalidInput, FileTooLarge, FileTypeRefused: The space does
            not accept the file.
        RateLimited: The caller has reached a limit for uploads.
    """
    space = find_space(gateway, upload.space, caller)
    check_enabled(space.definition)
    file = StoredFile(upload.size, essence(upload.content_type), upload.name)
    rules = rules_or_refusal(space.definition)
    check_file(rules, file.content_type, file.size, what="The file")
    charge_upload(gateway, quota_of(space.definition, caller), file.size)
    upload_id = gateway.random_text()
    if is_in_parts(file.size):
        upload_id = id_with_size(upload_id, file.size)
    until = gateway.now() + URL_LIFETIME
    key = upload_key(upload.space, upload_id)
    form = gateway.files.upload_form(key, file, until=until)
    return UploadAddress(
        upload_id=upload_id,
        url=form.url,
        fields=form.fields,
        expires_at=timestamp(until),
        multipart=begin_parts(gateway, key, file) if is_in_parts(file.size) else None,
    )
