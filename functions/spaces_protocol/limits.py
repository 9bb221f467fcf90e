"""Every limit of the wire, in one place.

Sources: "Amazon API Gateway quotas for WebSocket APIs" for frames, messages, idle time and
socket life; the rest are the project's own.
"""

from typing import Final, NamedTuple

PROTOCOL_VERSION: Final = 1

MAX_MESSAGE_BYTES: Final = 128 * 1024
"""Largest message on the socket (API Gateway quota)."""
MAX_FRAME_BYTES: Final = 32 * 1024
"""Largest frame on the socket; a longer one is closed with 1009 (API Gateway quota)."""

PING_SECONDS: Final = 3 * 60
"""A worker sends ``ping`` this often while nothing else moves; the quota is 10 minutes."""
RENEW_BEFORE_SECONDS: Final = 110 * 60
"""A worker opens its next socket before the old one reaches this age; the quota is 2 hours."""
LEASE_SECONDS: Final = 30
"""How long a worker may stay silent about a request that it holds."""

MAX_PROMPT_BYTES: Final = 24 * 1024
"""Largest prompt, in bytes of UTF-8; longer inputs travel as files."""
MAX_PARAMS_BYTES: Final = 4 * 1024
"""Largest ``params`` object, in bytes of JSON."""
MAX_BODY_BYTES: Final = 64 * 1024
"""Largest REST body that is looked at."""
MAX_FILES: Final = 10
"""Most files of one request or of one result."""
MAX_FILE_BYTES: Final = 5 * 1024**3 - 1
"""Largest file; S3 takes no larger one in a single POST ("Amazon S3: POST Object")."""
PARTS_ABOVE_BYTES: Final = 16 * 1024**2
"""A larger file that is uploaded may be sent in parts, each of which can fail for itself."""
MIN_PART_BYTES: Final = 8 * 1024**2
"""Smallest part but the last; S3 takes none below 5 MiB ("Amazon S3 multipart upload limits")."""
MAX_PARTS: Final = 100
"""Most parts of one file: the parts of the largest have 52 MiB."""
MAX_PARTS_TOLD: Final = 20
"""Most addresses of parts in one answer: each has up to 2 KB and takes time to sign."""
MAX_MULTIPART_ID_CHARS: Final = 1_024
MAX_FILE_NAME_CHARS: Final = 255
MAX_CONTENT_TYPE_CHARS: Final = 127
"""Longest media type (RFC 6838 allows 127 characters for each half; none is that long)."""
MAX_SOCKET_RESULT_BYTES: Final = 96 * 1024
"""Largest ``result`` message that a worker sends by the socket; a larger output is uploaded."""
MAX_OUTPUT_BYTES: Final = 4 * 1024**2
"""Largest output (text and data, JSON); what is larger must be returned as a file."""
MAX_CHUNK_BYTES: Final = 16 * 1024
"""Largest piece of streamed text, in bytes of UTF-8."""
MAX_CHUNKS: Final = 2_000
"""Pieces of streamed text that are shown; the result has them all."""
MAX_PARAMS_SCHEMA_BYTES: Final = 8 * 1024
"""Largest JSON Schema that a worker declares for the ``params`` of a space."""
MAX_REQUEST_ID_CHARS: Final = 90
MAX_COUNT: Final = 10**12
"""Largest number of steps, tokens or bytes that a message tells."""
MAX_PROGRESS_MESSAGE_CHARS: Final = 300
MAX_ERROR_MESSAGE_CHARS: Final = 2_000
MAX_SPACES_PER_WORKER: Final = 20
MAX_CAPACITY: Final = 64
MAX_ATTEMPTS: Final = 3
"""Times that a request is handed out before it fails as ``worker_lost``."""


class UsualLimits(NamedTuple):
    """What one caller may do where nobody says otherwise."""

    requests_per_minute: int
    max_waiting: int
    upload_bytes_per_day: int


USER_LIMITS: Final = UsualLimits(60, 100, 10 * 1024**3)
"""Of each person, in one space."""
ANONYMOUS_LIMITS: Final = UsualLimits(30, 20, 1024**3)
"""Of each network address, in one space."""
KEY_LIMITS: Final = UsualLimits(120, 200, 10 * 1024**3)
"""Of each API key, in all its spaces together."""

SPACE_NAME: Final = r"[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?"
SPACE_PATTERN: Final = rf"^{SPACE_NAME}$(?!\n)"
WORKER_ID_PATTERN: Final = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$(?!\n)"
TOKEN_PREFIX: Final = "wst_"  # noqa: S105 - a prefix, not a secret
KEY_PREFIX: Final = "wsk_"
