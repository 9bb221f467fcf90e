"""Assembles the input of a request: prompt or call, parameters and uploaded files."""

from typing import Any

from msgspec import to_builtins

from spaces.domain.errors import UploadMissing
from spaces.domain.files.keys import input_key, upload_key
from spaces.domain.files.media_types import essence
from spaces.domain.files.rules import check_file, rules_or_refusal
from spaces.domain.input_excerpt import excerpt_of_input
from spaces.domain.space import Definition
from spaces.domain.submitted_input import body_of
from spaces.services.ports.gateway import Gateway
from spaces_protocol.limits import MAX_SOCKET_INPUT_BYTES
from spaces_protocol.rest_bodies import FileRules, SubmittedInput

UNNAMED = "file"


def collect_input(
    gateway: Gateway, definition: Definition, submitted: SubmittedInput
) -> dict[str, Any]:
    """Return the input as it is stored, its files with their object keys.

    Uploads are checked again, because only S3 knows what was really uploaded, and the settings of
    the space may have changed since. What is too large for an item is put into the files bucket
    last; a submit that ends before its request is stored leaves it to the bucket's lifecycle.

    Raises:
        UploadMissing, InvalidInput, FileTooLarge, FileTypeRefused: A file is not accepted.
    """
    files = _find_all(gateway, definition, submitted)
    collected = _as_items_have_it(submitted)
    body = body_of(submitted)
    if len(body) > MAX_SOCKET_INPUT_BYTES:
        collected = _put_body(gateway, definition.space_id, collected, body)
    return {**collected, "files": files} if files else collected


def _as_items_have_it(submitted: SubmittedInput) -> dict[str, Any]:
    collected: dict[str, Any] = {"params": submitted.params}
    if submitted.prompt:
        collected["prompt"] = submitted.prompt
    if submitted.call is not None:
        collected["call"] = to_builtins(submitted.call)
    return collected


def _put_body(
    gateway: Gateway, space_id: str, collected: dict[str, Any], body: bytes
) -> dict[str, Any]:
    """Store a large input by itself; return what is stored of it with the request."""
    key = input_key(space_id, gateway.random_text())
    etag = gateway.files.put(key, body)
    stored = {
        "body_key": key,
        "body_bytes": len(body),
        "body_etag": etag,
        "excerpt": excerpt_of_input(collected),
    }
    call = collected.get("call")
    return {**stored, "endpoint": call["endpoint"]} if call else stored


def _find_all(
    gateway: Gateway, definition: Definition, submitted: SubmittedInput
) -> list[dict[str, Any]]:
    if not submitted.files:
        return []
    rules = rules_or_refusal(definition)
    return [
        _find(gateway, definition.space_id, rules, index, file.upload_id)
        for index, file in enumerate(submitted.files)
    ]


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
