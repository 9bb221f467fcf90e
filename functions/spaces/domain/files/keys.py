"""Object keys of files, and who may name which; visitors never see a key."""

import re
from typing import Final

from spaces_protocol.fields import FILE_NAME_PATTERN
from spaces_protocol.request_id import RequestId

_OUTPUT: Final = re.compile(r"outputs/([^/]+)/(\d{1,12})/(\d{1,10})-[A-Za-z0-9_-]{22}/([^/]+)")
_NAME: Final = re.compile(FILE_NAME_PATTERN)


def upload_key(space_id: str, upload_id: str) -> str:
    """Return the key of an upload; it contains the space, so it cannot name another's upload."""
    return f"uploads/{space_id}/{upload_id}"


def input_key(space_id: str, random_text: str) -> str:
    """Return the key of an input that is too large for an item."""
    return f"inputs/{space_id}/{random_text}"


def output_prefix(request_id: RequestId, attempt: int, random_text: str) -> str:
    """Return the key prefix for the files of one dispatch."""
    return f"outputs/{request_id.space}/{request_id.ticket}/{attempt}-{random_text}/"


def answer_key(request_id: RequestId, random_text: str) -> str:
    """Return the key of a file of an answer. No upload policy ever includes it."""
    return f"results/{request_id.space}/{request_id.ticket}/{random_text}"


def example_key(space_id: str, sha256: str) -> str:
    """Return the key of a file of an example. No upload policy ever includes it."""
    return f"examples/{space_id}/{sha256}"


def example_upload_prefix(space_id: str, token_id: str) -> str:
    """Return the key prefix for files of examples on their way; each token has its own."""
    return f"outputs/{space_id}/examples/{token_id}/"


def is_output_key(key: str, request_id: RequestId, attempt: int) -> bool:
    """Tell whether a key belongs to this attempt of a request or to an earlier one.

    An earlier attempt counts, because a result made before the attempt was raised is sent again
    with the newer number. Only the worker of that attempt knows the random part.
    """
    match = _OUTPUT.fullmatch(key)
    if match is None:
        return False
    space_id, ticket, from_attempt, name = match.groups()
    return (
        (space_id, int(ticket)) == (request_id.space, request_id.ticket)
        and 0 < int(from_attempt) <= attempt
        and name not in (".", "..")
        and _NAME.match(name) is not None
    )
