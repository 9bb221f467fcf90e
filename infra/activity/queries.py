"""The questions that an operator asks."""

from types import MappingProxyType
from typing import Final

from infra.activity.log_query import LogQuery, count, distinct, most, percentile, total
from infra.costs.prices import PRICES, Item

ACCEPTED: Final = LogQuery(("request_accepted",), (count("accepted"),))
ENDED: Final = LogQuery(
    ("request_ended",),
    tuple(
        count(state.lower(), only=("state", state))
        for state in ("COMPLETED", "FAILED", "CANCELLED", "TIMED_OUT")
    ),
)
TIMES: Final = LogQuery(
    ("request_ended",),
    (
        percentile("waited_p50_ms", "waited_ms", 50),
        percentile("waited_p95_ms", "waited_ms", 95),
        percentile("ran_p50_ms", "ran_ms", 50),
        percentile("ran_p95_ms", "ran_ms", 95),
        total("ran_ms", "ran_ms"),
    ),
)
WAITING: Final = LogQuery(
    ("request_accepted", "space_swept"), (most("waiting", "waiting"), most("running", "running"))
)
"""Running requests are known from sweeps only, which come once a minute while a space has work."""
WORKERS: Final = LogQuery(
    ("worker_connected", "worker_registered"),
    (distinct("workers", "worker_id"), count("handshakes", only=("message", "worker_connected"))),
)
REFUSED: Final = LogQuery(
    ("call_refused", "message_refused", "handshake_refused", "message_budget_exceeded"),
    (count("times"),),
    by=("message", "error_type"),
)
FAULTS: Final = (
    "unexpected_error",
    "aws_unavailable",
    "stream_broken",
    "delivery_failed",
    "timer_not_armed",
    "webhook_not_started",
    "edge_key_unusable",
    "result_incomplete",
)
"""Events that an operator wants to hear of."""
ERRORS: Final = LogQuery(FAULTS, (count("times"),), by=("message", "service"))
SPACES: Final = LogQuery(
    ("request_ended",),
    (
        count("ended"),
        count("completed", only=("state", "COMPLETED")),
        *TIMES.columns[:4],
    ),
    by=("space",),
)
WEBHOOKS: Final = LogQuery(("webhook_tried",), (count("times"),), by=("state",))
UPLOADS: Final = LogQuery(("upload_begun",), (count("files"), total("bytes", "size")))
SWEEPS: Final = LogQuery(("space_swept",), (count("sweeps"),))

LAMBDA_USD: Final = f"""\
filter @type = "REPORT"
| fields @billedDuration / 1000 * @memorySize / 1000 / 1000 / 1024 \
* {PRICES[Item.GB_SECOND].each:f} + {PRICES[Item.RUN].each:f} as run_usd
| stats sum(run_usd) as usd"""
"""What runs of Lambda cost. ``@billedDuration`` is in milliseconds, ``@memorySize`` in bytes, with
1,000 in a KB."""

SAVED: Final = MappingProxyType(
    {
        "Requests/accepted, by hour": ACCEPTED.insights("1h"),
        "Requests/ended, by hour": ENDED.insights("1h"),
        "Requests/by space": SPACES.insights(),
        "Requests/how long they waited and ran": TIMES.insights(),
        "Requests/most at a time, by hour": WAITING.insights("1h"),
        "Requests/one request": 'filter request_id = "PASTE ITS ID"\n'
        "| fields @timestamp, service, message, state, error_type, worker_id, attempt\n"
        "| sort @timestamp asc",
        "Workers/seen, by hour": WORKERS.insights("1h"),
        "Workers/who was connected": "filter message in "
        '["worker_connected", "worker_registered", "worker_disconnected"]\n'
        "| fields @timestamp, message, worker_id, spaces\n"
        "| sort @timestamp desc",
        "Problems/refused": REFUSED.insights(),
        "Problems/errors": ERRORS.insights(),
        "Problems/lines of one error": 'filter gateway_request_id = "PASTE ITS ID"\n'
        "| sort @timestamp asc",
        "Problems/crashes and time-outs": "filter @message like "
        "/Task timed out|Runtime exited|OutOfMemory/\n"
        "| stats count(*) as times by @log",
        "Webhooks/tries": WEBHOOKS.insights(),
        "Money/Lambda, by function": f"{LAMBDA_USD} by @log\n| sort usd desc",
        "Money/Lambda, by day": f"{LAMBDA_USD} by bin(1d)",
    }
)
"""Queries by folder and name, as the console of Logs Insights lists them."""
