"""How long things may take. Times are milliseconds since 1970, durations milliseconds."""

from typing import Final

from spaces_protocol.limits import LEASE_SECONDS, PING_SECONDS

SECOND: Final = 1_000

DISPATCH_LEASE: Final = 20 * SECOND
"""How soon a worker must show a sign of life after a dispatch."""
PROGRESS_LEASE: Final = LEASE_SECONDS * SECOND
"""How soon after each progress message."""
CHECK_GRACE: Final = 10 * SECOND
"""How long a silent worker has to answer a ``check``."""
AWAY_GRACE: Final = 20 * SECOND
"""How long a disconnected worker has to return and resume."""
DEAD_AFTER_SILENCE: Final = 3 * PING_SECONDS * SECOND
"""How long a connection may be silent before it counts as dead."""
LONGEST_CONNECTION: Final = (2 * 3600 + 5 * 60) * SECOND
"""When a connection has surely ended: API Gateway closes it after two hours ("Quotas for WebSocket
APIs"). Clocks may differ by some minutes."""
REQUEST_RETENTION: Final = 7 * 24 * 3600 * SECOND
"""How long a request and its result are stored."""
CONNECTION_RETENTION: Final = 3 * 3600 * SECOND
"""How long the record of a connection is stored; a socket lives at most two hours."""
IDEMPOTENCY_RETENTION: Final = 24 * 3600 * SECOND
"""How long an Idempotency-Key is remembered."""
CHUNK_RETENTION: Final = 24 * 3600 * SECOND
"""How long a streamed chunk is stored; the result has the whole text."""
