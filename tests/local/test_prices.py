"""What each action costs the owner, as docs/security.md says."""

import os
import re

import pytest

from benchmarks.prices import Price, measure_prices, table
from infra.project import PROJECT_FOLDER
from tests.local_cloud import DeployedCloud

pytestmark = pytest.mark.local

DOCUMENT = PROJECT_FOLDER / "docs" / "security.md"
SECTION = re.compile(r"(?<=<!-- prices -->\n\n).*?(?=\n<!-- end of prices -->)", re.DOTALL)


@pytest.fixture(scope="module")
def prices(deployed_cloud: DeployedCloud) -> dict[str, Price]:
    found = measure_prices(deployed_cloud.cloud.aws("dynamodb"))
    return {price.action: price for price in found}


def test_the_document_says_what_was_measured(prices: dict[str, Price]) -> None:
    measured = table(prices.values())
    if os.environ.get("UPDATE_PRICES"):
        text = DOCUMENT.read_text("utf-8")
        DOCUMENT.write_text(SECTION.sub(lambda _: measured, text), "utf-8")

    found = SECTION.search(DOCUMENT.read_text("utf-8"))

    assert found is not None
    assert found[0] == measured


@pytest.mark.parametrize(
    ("action", "write", "read", "s3"),
    [
        ("repetition of that submit", 0, 4, 0),
        ("repetition of that submit with files", 0, 4, 0),
        ("submit with 10 files over the caller's limit", 0, 1.5, 0),
        ("poll of 40 short pieces from the start", 0, 21, 0),
        ("poll of pieces of 16 KB", 0, 32, 0),
        ("submit where 20 workers run 64 requests each", 40, 8, 0),
        ("register, 20 spaces, 40 KB of new schemas", 70, 70, 0),
    ],
)
def test_what_a_stranger_can_repeat_has_a_bound(
    prices: dict[str, Price], action: str, write: float, read: float, s3: int
) -> None:
    price = prices[action]

    assert (price.write <= write, price.read <= read, price.s3 <= s3) == (True, True, True), price


def test_what_costs_writes_or_calls_of_s3_is_counted_for_somebody(
    prices: dict[str, Price],
) -> None:
    uncounted = [
        price.action
        for price in prices.values()
        if "rate of the stage" in price.bound and (price.write or price.s3)
    ]

    assert uncounted == []
