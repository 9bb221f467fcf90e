"""Keeps the files of the examples that a worker declares.

A worker uploads them where what is not used expires, and registers again; then they are copied to
where no upload policy works. A file that is stored already is recognised by its hash. Whether it is
still there is asked each time: two workers that declare different examples at the same moment may
leave one declared whose file the other has just removed, and the next to register mends that.
"""

from collections.abc import Iterable
from typing import Final

from spaces.domain.files.keys import example_key, example_upload_prefix
from spaces.domain.timing import SECOND
from spaces.services.ports.gateway import Gateway, Sender
from spaces_protocol.examples import Example, ExampleFile
from spaces_protocol.gateway_messages import ExampleUploads
from spaces_protocol.limits import MAX_EXAMPLE_FILE_BYTES

UPLOAD_LIFETIME: Final = 15 * 60 * SECOND


def store_example_files(
    gateway: Gateway,
    sender: Sender,
    space_id: str,
    examples: Iterable[Example],
    stored: Iterable[Example],
) -> tuple[Example, ...]:
    """Return the examples whose files are all stored, and ask the worker for the other files.

    Args:
        gateway: Access to the outside.
        sender: The worker.
        space_id: The space.
        examples: What it declares.
        stored: What was declared before, with files that were all stored.
    """
    examples = tuple(examples)
    known = _by_hash(stored)
    prefix = example_upload_prefix(space_id, sender.token_id)
    missing = {
        sha256
        for sha256, file in _by_hash(examples).items()
        if not (sha256 in known and _is_kept(gateway, space_id, file))
        and not _keep(gateway, space_id, prefix, file)
    }
    if missing:
        _ask_for(gateway, sender, space_id, prefix, sorted(missing))
    return tuple(
        each for each in examples if missing.isdisjoint(file.sha256 for file in each.files)
    )


def remove_example_files(
    gateway: Gateway, space_id: str, before: Iterable[Example], after: Iterable[Example] = ()
) -> None:
    """Delete the files of examples that are no longer declared."""
    unused = _by_hash(before).keys() - _by_hash(after).keys()
    gateway.files.remove([example_key(space_id, sha256) for sha256 in sorted(unused)])


def _by_hash(examples: Iterable[Example]) -> dict[str, ExampleFile]:
    return {file.sha256: file for example in examples for file in example.files}


def _is_kept(gateway: Gateway, space_id: str, file: ExampleFile) -> bool:
    return gateway.files.describe(example_key(space_id, file.sha256)) is not None


def _keep(gateway: Gateway, space_id: str, prefix: str, file: ExampleFile) -> bool:
    """Move an uploaded file to where it stays; False if it has not arrived as declared."""
    source = prefix + file.sha256
    arrived = gateway.files.describe(source)
    if arrived is None or arrived.size != file.size:
        return False
    if not gateway.files.copy_unchanged(source, example_key(space_id, file.sha256), arrived.etag):
        return False
    gateway.files.remove([source])
    return True


def _ask_for(
    gateway: Gateway, sender: Sender, space_id: str, prefix: str, missing: list[str]
) -> None:
    policy = gateway.files.output_policy(
        prefix, until=gateway.now() + UPLOAD_LIFETIME, max_bytes=MAX_EXAMPLE_FILE_BYTES
    )
    if policy is not None:
        message = ExampleUploads(space=space_id, upload=policy, missing=missing)
        gateway.sockets.post(sender.connection_id, message)
