"""Field types with their limits, shared by socket messages and REST bodies."""

from datetime import datetime
from typing import Annotated, Final

from msgspec import Meta

from spaces_protocol.limits import (
    MAX_CAPACITY,
    MAX_CONTENT_TYPE_CHARS,
    MAX_COUNT,
    MAX_ERROR_MESSAGE_CHARS,
    MAX_FILE_NAME_CHARS,
    MAX_MULTIPART_ID_CHARS,
    MAX_PROGRESS_MESSAGE_CHARS,
    MAX_REQUEST_ID_CHARS,
    SPACE_PATTERN,
    WORKER_ID_PATTERN,
)

FILE_NAME_PATTERN: Final = r"^[^/\\\x00-\x1f\x7f]+$(?!\n)"
NAME_OF_TYPE: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"

SpaceName = Annotated[
    str,
    Meta(pattern=SPACE_PATTERN, description="1 to 48 of a-z, 0-9 and -, no - at either end"),
]
WorkerId = Annotated[
    str,
    Meta(pattern=WORKER_ID_PATTERN, description="1 to 64 of letters, digits, '.', '_' and '-'"),
]
RequestIdText = Annotated[
    str, Meta(max_length=MAX_REQUEST_ID_CHARS, description="space.ticket.nonce")
]
Attempt = Annotated[int, Meta(ge=1, le=10**9, description="the nth dispatch, from 1")]
Capacity = Annotated[int, Meta(ge=1, le=MAX_CAPACITY, description="requests to run at once")]
Percent = Annotated[float, Meta(ge=0, le=100)]
Fraction = Annotated[float, Meta(ge=0, le=1)]
Count = Annotated[int, Meta(ge=0, le=MAX_COUNT)]
Seconds = Annotated[float, Meta(ge=0, le=10**9)]
Timestamp = Annotated[datetime, Meta(tz=True, description="with its time zone")]
ProgressText = Annotated[str, Meta(max_length=MAX_PROGRESS_MESSAGE_CHARS)]
ErrorText = Annotated[str, Meta(max_length=MAX_ERROR_MESSAGE_CHARS)]
SessionId = Annotated[str, Meta(min_length=1, max_length=64)]
FileName = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=MAX_FILE_NAME_CHARS,
        pattern=FILE_NAME_PATTERN,
        description="1 to 255 characters, no / or \\, no control characters",
    ),
]
Label = Annotated[str, Meta(max_length=200)]
UploadId = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9_-]{22}(\.[1-9][0-9]{0,9})?$(?!\n)",
        description="22 characters; for a multipart file followed by . and its size",
    ),
]
MultipartId = Annotated[
    str,
    Meta(
        max_length=MAX_MULTIPART_ID_CHARS,
        pattern=r"^[!-~]+$(?!\n)",
        description="multipart.multipart_id of the upload",
    ),
]
NoteId = Annotated[
    str,
    Meta(pattern=r"^[0-9]{14}#[A-Za-z0-9_-]{22}$(?!\n)", description="14 digits, #, 22 characters"),
]
MediaType = Annotated[
    str,
    Meta(
        max_length=MAX_CONTENT_TYPE_CHARS,
        pattern=rf"^({NAME_OF_TYPE}/{NAME_OF_TYPE}([ \t]*;[ -~]*)?)?$(?!\n)",
        description="type/subtype, or empty if it is not known",
    ),
]
NewUserName = Annotated[
    str,
    Meta(
        max_length=128,
        pattern=r"^[^\s@\x00-\x1f\x7f]+$(?!\n)",
        description="1 to 128 characters without spaces and @",
    ),
]
Email = Annotated[
    str,
    Meta(
        max_length=254,
        pattern=r"^[^\s@\x00-\x1f\x7f]+@[^\s@.\x00-\x1f\x7f]+(\.[^\s@.\x00-\x1f\x7f]+)+$(?!\n)",
        description="an e-mail address",
    ),
]
Sha256 = Annotated[
    str, Meta(pattern=r"^[0-9a-f]{64}$(?!\n)", description="64 hexadecimal digits, lower case")
]
AcceptedType = Annotated[
    str,
    Meta(
        max_length=127,
        pattern=r"^(\*/\*|[a-z]+/(\*|[a-z0-9.+-]+))$(?!\n)",
        description="a media type such as image/png or audio/*",
    ),
]
HttpsUrl = Annotated[
    str,
    Meta(
        max_length=500,
        pattern=r"^https://[^\s/?#@]+([/?#]\S*)?$(?!\n)",
        description="a URL that begins with https://",
    ),
]
Origin = Annotated[
    str,
    Meta(
        max_length=260,
        pattern=r"^https://[a-z0-9.-]+(:[0-9]{1,5})?$(?!\n)",
        description="https:// and a host, nothing after it",
    ),
]
