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


def uploads_of(attachments: Sequence[Attachment], caller: Caller, call: str) -> list[UploadedFile]:
    """Return the uploads as which files are stored.

    Args:
        attachments: The files.
        caller: Who sent them.
        call: What the repeats of a call have in common, so that they are the same input. Other
            calls store copies of their own: who deletes a request deletes no file of another.
    """
    return [UploadedFile(upload_id=_upload_id(each, caller, call)) for each in attachments]


def store_attachments(
    gateway: Gateway,
    definition: Definition,
    attachments: Sequence[Attachment],
    uploads: Sequence[UploadedFile],
    caller: Caller,
) -> None:
    """Store files for a request that is submitted next, as the uploads that `uploads_of` returned.

    Raises:
        InvalidInput, FileTooLarge, FileTypeRefused: The space does not accept a file.
        RateLimited: The caller has reached a limit for uploads.
    """
    if not attachments:
        return
    rules = rules_or_refusal(definition)
    check_enabled(definition)
    check_number(rules, len(attachments))
    for each in attachments:
        check_file(
            rules, essence(each.content_type), len(each.content), what=each.name or "The file"
        )
    total = sum(len(each.content) for each in attachments)
    charge_upload(gateway, quota_of(definition, caller), total)
    for each, upload in zip(attachments, uploads, strict=True):
        described = StoredFile(len(each.content), essence(each.content_type), each.name)
        key = upload_key(definition.space_id, upload.upload_id)
        gateway.files.put(key, each.content, described)


def _upload_id(file: Attachment, caller: Caller, call: str) -> str:
    """Return 22 characters that nobody guesses who does not know the caller, call and file."""
    owner = caller.address if isinstance(caller, Anonymous) else owner_of(caller)
    digest = hashlib.sha256(f"{owner}\n{call}\n{file.name}\n{file.content_type}\n".encode())
    digest.update(file.content)
    return urlsafe_b64encode(digest.digest()[:16]).decode().rstrip("=")
