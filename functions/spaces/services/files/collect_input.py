"""Assembles the input of a request: prompt, parameters and uploaded files."""

from typing import Any

from spaces.domain.errors import UploadMissing
from spaces.domain.files.keys import upload_key
from spaces.domain.files.media_types import essence
from spaces.domain.files.rules import check_file, rules_or_refusal
from spaces.domain.space import Definition
from spaces.services.ports.gateway import Gateway
from spaces_protocol.rest_bodies import FileRules, SubmittedInput

UNNAMED = "file"


def collect_input(
    gateway: Gateway, definition: Definition, submitted: SubmittedInput
) -> dict[str, Any]:
    """Return the input as it is stored, its files with their object keys.

    Uploads are checked again, because only S3 knows what was really uploaded, and the settings of
    the space may have changed since.

    Raises:
        UploadMissing, InvalidInput, FileTooLarge, FileTypeRefused: A file is not accepted.
    """
    collected: dict[str, Any] = {"params": submitted.params}
    if submitted.prompt:
        collected["prompt"] = submitted.prompt
    if submitted.files:
        rules = rules_or_refusal(definition)
        collected["files"] = [
            _find(gateway, definition.space_id, rules, index, file.upload_id)
            for index, file in enumerate(submitted.files)
        ]
    return collected


def _find(
    gateway: Gateway, space_id: str, rules: FileRules, index: int, upload_id: str
) -> dict[str, Any]:
    key = upload_key(space_id, upload_id)
    stored = gateway.files.describe(key)
    if stored is None:
        raise UploadMissing(
            f"input.files[{index}] was not uploaded to this space, or has expired. Announce the "
            "file with POST /v1/uploads, upload it, then submit its upload_id."
        )
    content_type = essence(stored.content_type)
    check_file(rules, content_type, stored.size, what=f"input.files[{index}]")
    return {
        "name": stored.name or UNNAMED,
        "content_type": content_type,
        "size": stored.size,
        "key": key,
        "etag": stored.etag,
    }
