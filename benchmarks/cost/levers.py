"""What would make requests cheaper, calculated from what was counted."""

from decimal import Decimal
from typing import Final, NamedTuple

from benchmarks.cost.assumed import GIGABYTE, PIECES_PER_SECOND, RUN_LOG_BYTES, STREAM_GB
from benchmarks.cost.scenarios import POLLED, STREAMED, Counted, scenarios
from infra.costs.prices import MILLION, Item
from infra.costs.usage import Usage, use

_DECISIONS: Final = "../docs/decisions"
_STREAMS: Final = "0049-streams-run-in-a-function-of-their-own"
_PAGE: Final = "0052-the-page-streams-while-text-arrives"


class Lever(NamedTuple):
    """A way to save.

    Attributes:
        name: what would be done.
        of: which request it makes cheaper.
        usd: by how much, in USD per million; negative.
        price: what is lost.
    """

    name: str
    of: str
    usd: Decimal
    price: str


def levers(counted: Counted) -> list[Lever]:
    """Return the levers, the largest of each request first."""
    by_name = {each.name: each for each in scenarios(counted)}
    polled, steps = by_name[POLLED], counted.steps
    instead = by_name["a webhook instead of polls"]
    stream_seconds = counted.ways["stream", "10 s"].gb_seconds / STREAM_GB
    pieces = 10 * PIECES_PER_SECOND
    piece = steps["piece of text"] + use(read_unit=0.5)
    return [
        Lever(
            "calls by a Function URL behind CloudFront instead of the HTTP API",
            POLLED,
            -_million(use(http_call=polled.usage[Item.HTTP_CALL])),
            "API Gateway's rates for each route, and its check of tokens; CloudFront's calls cost "
            "as much beyond 10 million a month",
        ),
        Lever(
            "a webhook instead of polls",
            POLLED,
            instead.per_million - polled.per_million,
            "the caller needs an API key and an address",
        ),
        Lever(
            "no sign of life within ten seconds (a longer lease)",
            POLLED,
            -_million(steps["progress"]),
            "a dead worker is noticed later",
        ),
        Lever(
            "no START, END and REPORT lines (JSON logs at WARN)",
            POLLED,
            -_million(use(log_gb=polled.usage[Item.RUN] * RUN_LOG_BYTES / GIGABYTE)),
            "USD of Lambda and crashes are no longer on the dashboard",
        ),
        Lever(
            "text once a second",
            STREAMED,
            -_million(piece * (pieces // 2)),
            "the reader sees it half a second later",
        ),
        Lever(
            "a function of 128 MB for streams alone",
            STREAMED,
            -_million(use(gb_second=stream_seconds * (STREAM_GB - 0.125))),
            f"another function and origin ([0049]({_DECISIONS}/{_STREAMS}.md))",
        ),
        Lever(
            "polls instead of a stream while no text comes",
            STREAMED,
            by_name[POLLED].per_million - by_name["streamed, without text"].per_million,
            f"what the page does already ([0052]({_DECISIONS}/{_PAGE}.md))",
        ),
    ]


def _million(usage: Usage) -> Decimal:
    return usage.total() * MILLION
