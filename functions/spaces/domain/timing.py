"""How long things may take. Times are whole milliseconds since 1970, durations milliseconds."""

from typing import Final

from spaces_protocol.limits import LEASE_SECONDS, PING_SECONDS

SECOND: Final = 1_000

DISPATCH_LEASE: Final = 20 * SECOND
"""A worker that was just handed a request shows a sign of life within this."""
PROGRESS_LEASE: Final = LEASE_SECONDS * SECOND
"""... and within this after each progress."""
CHECK_GRACE: Final = 10 * SECOND
"""Time that a silent worker gets to answer a ``check``."""
AWAY_GRACE: Final = 20 * SECOND
"""Time that a disconnected worker gets to come back and resume."""
DEAD_AFTER_SILENCE: Final = 3 * PING_SECONDS * SECOND
"""A connection on which nothing moved for so long is dead."""
REQUEST_RETENTION: Final = 7 * 24 * 3600 * SECOND
"""How long a request and its result are kept."""
CONNECTION_RETENTION: Final = 3 * 3600 * SECOND
"""How long the record of a connection is kept; a socket lives at most two hours."""
IDEMPOTENCY_RETENTION: Final = 24 * 3600 * SECOND
"""How long an Idempotency-Key is remembered."""
CHUNK_RETENTION: Final = 24 * 3600 * SECOND
"""How long a piece of streamed text is kept; the result has it all."""
