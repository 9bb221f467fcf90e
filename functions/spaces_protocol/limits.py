"""All limits of the protocol.

Sources: "Amazon API Gateway quotas for WebSocket APIs" for frames, messages, idle time and
socket life; the rest are the project's own.
"""

from typing import Final, NamedTuple

PROTOCOL_VERSION: Final = 1

MAX_MESSAGE_BYTES: Final = 128 * 1024
"""Largest message on the socket (API Gateway quota)."""
MAX_FRAME_BYTES: Final = 32 * 1024
"""Largest frame on the socket; API Gateway closes the connection with 1009 for a longer one."""

PING_SECONDS: Final = 3 * 60
"""A worker sends ``ping`` this often on an idle connection; the idle quota is 10 minutes."""
RENEW_BEFORE_SECONDS: Final = 110 * 60
"""A worker replaces its connection before it reaches this age; the quota is 2 hours."""
LEASE_SECONDS: Final = 30
"""How long a worker may stay silent about a request that it holds."""

MAX_INPUT_BYTES: Final = 4 * 1024**2
"""Largest ``max_input_bytes`` of a space: prompt, params and call together, in bytes of JSON."""
DEFAULT_INPUT_BYTES: Final = 256 * 1024
MAX_SOCKET_INPUT_BYTES: Final = 64 * 1024
"""Largest such input that travels by DynamoDB and the socket; a larger one travels by S3."""
MAX_BODY_BYTES: Final = 64 * 1024
"""Largest REST body, except of a submit."""
MAX_SUBMIT_BYTES: Final = 5 * 1024**2
"""Largest REST body of a submit: the largest input, and what its client escapes in JSON.

API Gateway escapes the body once more in the event, which may have 6 MB ("Lambda quotas"); a body
for which that is too little gets its 413 from API Gateway.
"""
MAX_FILES: Final = 10
"""Maximum number of files of one request or one result."""
MAX_FILE_BYTES: Final = 5 * 1024**3 - 1
"""Largest file; S3 takes no larger one in a single POST ("Amazon S3: POST Object")."""
PARTS_ABOVE_BYTES: Final = 16 * 1024**2
"""A larger file may be uploaded in parts, each of which can be retried separately."""
MIN_PART_BYTES: Final = 8 * 1024**2
"""Smallest part but the last; S3 requires 5 MiB ("Amazon S3 multipart upload limits")."""
MAX_PARTS: Final = 100
"""Maximum number of parts of one file; parts of the largest file have 52 MiB."""
MAX_PART_URLS: Final = 20
"""Maximum number of part URLs in one response: each has up to 2 KB and takes time to sign."""
MAX_MULTIPART_ID_CHARS: Final = 1_024
MAX_FILE_NAME_CHARS: Final = 255
MAX_CONTENT_TYPE_CHARS: Final = 127
"""Longest media type (RFC 6838 allows 127 characters for each half; none is that long)."""
MAX_SOCKET_RESULT_BYTES: Final = 96 * 1024
"""Largest ``result`` message on the socket; a worker uploads a larger output."""
MAX_OUTPUT_BYTES: Final = 4 * 1024**2
"""Largest output (text and data, as JSON); larger output must be returned as a file."""
MAX_CHUNK_BYTES: Final = 16 * 1024
"""Largest chunk of streamed text, in bytes of UTF-8."""
MAX_DELTAS_BYTES: Final = 64 * 1024
"""Largest ``deltas`` of one chunk, in bytes of JSON."""
MAX_CHUNKS: Final = 2_000
"""Maximum number of chunks that are shown; the result has the whole text."""
MAX_PARAMS_SCHEMA_BYTES: Final = 8 * 1024
"""Largest JSON Schema that a worker declares for the ``params`` of a space."""
MAX_ALL_PARAMS_SCHEMAS_BYTES: Final = 40 * 1024
"""Largest JSON Schemas of all spaces of one worker together."""
MAX_EXAMPLES: Final = 12
"""Maximum number of examples of a space."""
MAX_EXAMPLES_BYTES: Final = 8 * 1024
"""Largest examples of one space together, in bytes of JSON."""
MAX_ALL_EXAMPLES_BYTES: Final = 24 * 1024
"""Largest examples of all spaces of one worker together, in bytes of JSON."""
MAX_EXAMPLE_FILES: Final = 10
"""Maximum number of files of all examples of a space; each has a URL in the space's view."""
MAX_EXAMPLE_FILE_BYTES: Final = 10 * 1024**2
"""Largest file of an example; every visitor who tries it downloads and uploads it."""
MAX_ABOUT_CHARS: Final = 20_000
MAX_LINKS: Final = 8
MAX_HANDSHAKES_PER_HOUR: Final = 600
"""Connections that workers may open with one token in an hour; a healthy one opens 0.6."""
MAX_METADATA_BYTES: Final = 2 * 1024
"""Largest ``metadata`` of a request, in bytes of JSON."""
MAX_WAIT_SECONDS: Final = 3_600
"""How long a caller may ask to wait for a request, over a chain of redirects."""
HOLD_SECONDS: Final = 25
"""How long one call waits at most; API Gateway and CloudFront give up after 30 s."""
MAX_REQUEST_ID_CHARS: Final = 90
MAX_IDEMPOTENCY_KEY_CHARS: Final = 255
MAX_DEPTH: Final = 64
"""How deep ``params``, ``data`` and schemas may be nested. Without it, the limit would be what each
reader's stack has left: a value could be accepted and then be unreadable for everyone behind."""
MAX_COUNT: Final = 10**12
"""Largest number of steps, tokens or bytes in a message."""
MAX_PROGRESS_MESSAGE_CHARS: Final = 300
MAX_ERROR_MESSAGE_CHARS: Final = 2_000
MAX_SPACES_PER_WORKER: Final = 20
MAX_CAPACITY: Final = 64
MAX_ATTEMPTS: Final = 3
"""Dispatches of a request before it fails as ``worker_lost``."""


class DefaultLimits(NamedTuple):
    """Default limits of one caller."""

    requests_per_minute: int
    max_waiting: int
    upload_bytes_per_day: int


USER_LIMITS: Final = DefaultLimits(60, 100, 10 * 1024**3)
"""For each user in one space."""
ANONYMOUS_LIMITS: Final = DefaultLimits(30, 20, 1024**3)
"""For each network address in one space."""
KEY_LIMITS: Final = DefaultLimits(120, 200, 10 * 1024**3)
"""For each API key in all its spaces together."""

SPACE_NAME: Final = r"[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?"
SPACE_PATTERN: Final = rf"^{SPACE_NAME}$(?!\n)"
WORKER_ID_PATTERN: Final = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$(?!\n)"
TOKEN_PREFIX: Final = "wst_"  # noqa: S105 - a prefix, not a secret
KEY_PREFIX: Final = "wsk_"
