"""The price table: list prices of us-east-1 in USD, the only ones in this project.

They were compared with the pages named here on the date below. AWS changes prices rarely, and
announces it; `tests/unit/costs` fails when the table is older than two years.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final

CHECKED: Final = date(2026, 11, 30)
"""When the prices were compared with their sources."""
REGION: Final = "us-east-1"
MILLION: Final = 1_000_000


class Item(StrEnum):
    """What AWS counts and charges for."""

    HTTP_CALL = "calls of the HTTP API"
    MESSAGE = "WebSocket messages"
    CONNECTION_MINUTE = "connection minutes"
    RUN = "runs of Lambda"
    GB_SECOND = "GB-seconds of Lambda"
    WRITE_UNIT = "DynamoDB write units"
    READ_UNIT = "DynamoDB read units"
    TABLE_GB = "GB-months in tables"
    S3_PUT = "S3 PUT, POST and COPY"
    S3_GET = "S3 GET and HEAD"
    S3_GB = "GB-months in S3"
    SCHEDULE = "schedules that fire"
    LOG_GB = "GB of logs"
    CLOUDFRONT_CALL = "calls of CloudFront"
    CLOUDFRONT_GB = "GB out through CloudFront"
    TRANSFER_GB = "GB out of API and S3"


@dataclass(frozen=True, kw_only=True)
class Price:
    """A list price.

    Attributes:
        usd: the price of ``per`` units, of the first tier.
        free: units that cost nothing in any month, in any account, however old it is.
        source: the page of AWS that states it, below https://aws.amazon.com.
        unit: what a unit is, where the name does not say.
    """

    usd: Decimal
    per: int = 1
    free: int = 0
    source: str
    unit: str = ""

    @property
    def each(self) -> Decimal:
        """The price of one unit, in USD."""
        return self.usd / self.per


def _price(usd: str, per: int, source: str, *, free: int = 0, unit: str = "") -> Price:
    return Price(usd=Decimal(usd), per=per, free=free, source=source, unit=unit)


PRICES: Final = MappingProxyType(
    {
        Item.HTTP_CALL: _price("1.00", MILLION, "api-gateway/pricing", unit="512 KB"),
        Item.MESSAGE: _price("1.00", MILLION, "api-gateway/pricing", unit="32 KB, each direction"),
        Item.CONNECTION_MINUTE: _price("0.25", MILLION, "api-gateway/pricing"),
        Item.RUN: _price("0.20", MILLION, "lambda/pricing", free=MILLION),
        Item.GB_SECOND: _price("0.0000133334", 1, "lambda/pricing", free=400_000, unit="arm64"),
        Item.WRITE_UNIT: _price("0.625", MILLION, "dynamodb/pricing/on-demand", unit="1 KB"),
        Item.READ_UNIT: _price(
            "0.125", MILLION, "dynamodb/pricing/on-demand", unit="4 KB, consistent"
        ),
        Item.TABLE_GB: _price("0.25", 1, "dynamodb/pricing/on-demand", free=25),
        Item.S3_PUT: _price("5.00", MILLION, "s3/pricing"),
        Item.S3_GET: _price("0.40", MILLION, "s3/pricing"),
        Item.S3_GB: _price("0.023", 1, "s3/pricing"),
        Item.SCHEDULE: _price("1.00", MILLION, "eventbridge/pricing", free=14 * MILLION),
        Item.LOG_GB: _price("0.50", 1, "cloudwatch/pricing", free=5, unit="taken in"),
        Item.CLOUDFRONT_CALL: _price(
            "1.00", MILLION, "cloudfront/pricing", free=10 * MILLION, unit="HTTPS"
        ),
        Item.CLOUDFRONT_GB: _price("0.085", 1, "cloudfront/pricing", free=1024),
        Item.TRANSFER_GB: _price("0.09", 1, "ec2/pricing/on-demand", free=100),
    }
)
"""The price of each item. Prices of higher tiers, which are lower, are left out."""

INSIGHTS_GB: Final = Decimal("0.005")
"""A GB of logs that a query of Logs Insights scans (cloudwatch/pricing); it shares the free 5 GB of
logs. Opening the dashboard and ``infra.admin activity`` run such queries."""
FREE_DASHBOARDS: Final = 3
FREE_DASHBOARD_METRICS: Final = 50
"""A free dashboard shows at most so many metrics (cloudwatch/pricing)."""
FREE_ALARMS: Final = 10
"""Alarms of standard resolution, each on one metric, that an account has free."""
