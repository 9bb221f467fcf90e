"""What AWS documents, and what is assumed where it documents nothing. November 2026, us-east-1."""

from typing import Final, NamedTuple


class Fact(NamedTuple):
    """A number of the simulation, and where it is from."""

    name: str
    value: float
    unit: str
    source: str


PARTITION_WRITES: Final = Fact(
    "writes to one partition key",
    1_000,
    "write units a second",
    "DynamoDB, “Burst and adaptive capacity”",
)
PARTITION_READS: Final = Fact(
    "reads of one partition key",
    3_000,
    "read units a second",
    "DynamoDB, “Burst and adaptive capacity”",
)
TABLE_WRITES: Final = Fact(
    "writes to a new on-demand table",
    4_000,
    "write units a second",
    "DynamoDB, “On-demand capacity mode”: doubles within 30 minutes",
)
TABLE_READS: Final = Fact(
    "reads of a new on-demand table",
    12_000,
    "read units a second",
    "DynamoDB, “On-demand capacity mode”",
)
CONCURRENCY: Final = Fact(
    "functions at the same time",
    1_000,
    "in an account and region",
    "Lambda quotas; a new account may have less",
)
CONNECTIONS: Final = Fact(
    "new WebSocket connections",
    500,
    "a second",
    "API Gateway quotas; burst not documented, 500 assumed",
)
API_RATE: Final = Fact("calls of all APIs", 10_000, "a second", "API Gateway quotas, burst 5,000")
SCHEDULES: Final = Fact(
    "new schedules", 1_000, "a second", "EventBridge Scheduler quotas (CreateSchedule)"
)
READ_SECONDS: Final = Fact(
    "a read of DynamoDB", 0.004, "s, median", "assumed; documented is “single-digit milliseconds”"
)
WRITE_SECONDS: Final = Fact(
    "a write of DynamoDB", 0.006, "s, median", "assumed; documented is “single-digit milliseconds”"
)
SPREAD: Final = Fact(
    "spread of all durations", 0.35, "sigma of a lognormal distribution", "assumed"
)
POST_SECONDS: Final = Fact("a message to a socket", 0.012, "s, median", "assumed")
SCHEDULE_SECONDS: Final = Fact("a call of the scheduler", 0.030, "s, median", "assumed")
EDGE_SECONDS: Final = Fact("from a caller or worker to its function", 0.020, "s, median", "assumed")
CODE_SECONDS: Final = Fact(
    "a function's own work", 0.010, "s", "assumed; RESULTS.md has what is measured here"
)
COLD_SECONDS: Final = Fact(
    "a cold start", 0.700, "s, median", "assumed from the processor time in RESULTS.md at 512 MB"
)
WARM_SECONDS: Final = Fact("an idle function stays warm", 300, "s", "assumed; not documented")

FACTS: Final = (
    PARTITION_WRITES, PARTITION_READS, TABLE_WRITES, TABLE_READS, CONCURRENCY, CONNECTIONS,
    API_RATE, SCHEDULES, READ_SECONDS, WRITE_SECONDS, SPREAD, POST_SECONDS, SCHEDULE_SECONDS,
    EDGE_SECONDS, CODE_SECONDS, COLD_SECONDS, WARM_SECONDS,
)  # fmt: skip
