"""Stores files that came inside the body of a call, as if they had been uploaded before."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Sequence

from spaces.domain.access.caller import Anonymous, Caller, owner_of
from spaces.domain.files.attachment import Attachment
from spaces.domain.files.keys import upload_key
from spaces.domain.files.media_types import essence
from spaces.domain.files.rules import check_file, check_number, rules_or_refusal
from spaces.domain.space import Definition, check_enabled
from spaces.services.access.charge_quota import charge_upload, quota_of
from spaces.services.ports.file_store import StoredFile
from spaces.services.ports.gateway import Gateway
from spaces_protocol.rest_bodies import UploadedFile


def store_attachments(
    gateway: Gateway, definition: Definition, attachments: Sequence[Attachment], caller: Caller
) -> list[UploadedFile]:
    """Store files for a request that is submitted next.

    The same file of the same caller gets the same id, so that a repeated call is the same input.

    Raises:
        InvalidInput, FileTooLarge, FileTypeRefused: The space does not accept a file.
        RateLimited: The caller has reached a limit for uploads.
    """
    if not attachments:
        return []
    rules = rules_or_refusal(definition)
    check_enabled(definition)
    check_number(rules, len(attachments))
    for each in attachments:
        check_file(rules, essence(each.content_type), len(each.content), what=each.name)
    total = sum(len(each.content) for each in attachments)
    charge_upload(gateway, quota_of(definition, caller), total)
    return [_store(gateway, definition.space_id, each, caller) for each in attachments]


def _store(gateway: Gateway, space_id: str, file: Attachment, caller: Caller) -> UploadedFile:
    upload_id = _upload_id(file, caller)
    described = StoredFile(len(file.content), essence(file.content_type), file.name)
    gateway.files.put(upload_key(space_id, upload_id), file.content, described)
    return UploadedFile(upload_id=upload_id)


def _upload_id(file: Attachment, caller: Caller) -> str:
    """Return 22 characters that nobody guesses who does not know the caller and the file."""
    owner = caller.address if isinstance(caller, Anonymous) else owner_of(caller)
    digest = hashlib.sha256(f"{owner}\n{file.name}\n{file.content_type}\n".encode())
    digest.update(file.content)
    return urlsafe_b64encode(digest.digest()[:16]).decode().rstrip("=")
