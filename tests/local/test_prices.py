"""What each action and each way to wait cost the owner, as the documents say."""

import os
import re

import pytest

from benchmarks import waiting, webhooks
from benchmarks.actions.measure import measure_prices
from benchmarks.actions.price import Price, table
from benchmarks.waiting import Waiting, measure_waiting
from benchmarks.webhooks import measure_webhooks
from infra.project import PROJECT_FOLDER
from tests.local_cloud import DeployedCloud

pytestmark = pytest.mark.local

DOCUMENTS = PROJECT_FOLDER / "docs"


def expect_in_document(name: str, section: str, measured: str) -> None:
    """With UPDATE_PRICES set, write it there first."""
    between = re.compile(
        rf"(?<=<!-- {section} -->\n\n).*?(?=\n<!-- end of {section} -->)", re.DOTALL
    )
    document = DOCUMENTS / name
    if os.environ.get("UPDATE_PRICES"):
        document.write_text(between.sub(lambda _: measured, document.read_text("utf-8")), "utf-8")

    found = between.search(document.read_text("utf-8"))

    assert found is not None
    assert found[0] == measured


@pytest.fixture(scope="module")
def prices(deployed_cloud: DeployedCloud) -> dict[str, Price]:
    found = measure_prices(deployed_cloud.cloud.aws("dynamodb"))
    return {price.action: price for price in found}


@pytest.fixture(scope="module")
def ways(deployed_cloud: DeployedCloud) -> dict[tuple[str, str], Waiting]:
    found = measure_waiting(deployed_cloud.cloud.aws("dynamodb"))
    return {(each.way, each.duration): each for each in found}


@pytest.fixture(scope="module")
def announced(deployed_cloud: DeployedCloud) -> dict[str, webhooks.Price]:
    found = measure_webhooks(deployed_cloud.cloud.aws("dynamodb"))
    return {each.step: each for each in found}


def test_the_document_says_what_was_measured(prices: dict[str, Price]) -> None:
    expect_in_document("security.md", "prices", table(prices.values()))


def test_the_document_says_what_waiting_costs(ways: dict[tuple[str, str], Waiting]) -> None:
    expect_in_document("api.md", "waiting", waiting.table([*ways.values()]))


def test_the_document_says_what_a_webhook_costs(announced: dict[str, webhooks.Price]) -> None:
    expect_in_document("api.md", "webhooks", webhooks.table([*announced.values()]))


def test_a_request_that_asks_for_a_webhook_costs_no_unit_more_until_it_is_sent(
    announced: dict[str, webhooks.Price],
) -> None:
    asked = announced["the request itself"]

    assert (asked.write, asked.read) == (0, 0)


@pytest.mark.parametrize(
    ("step", "write", "read", "runs", "schedules"),
    [
        ("a try that is taken", 2, 3, 1, 0),
        ("a try that is refused", 2, 3, 1, 1),
        ("a try without an answer for 15 s", 2, 3, 1, 1),
        ("a run that finds it delivered", 0, 1, 1, 0),
        ("all 10 tries, refused for three days", 20, 30, 10, 9),
    ],
)
def test_a_webhook_costs_two_writes_and_three_reads_a_try(
    announced: dict[str, webhooks.Price],
    step: str,
    write: float,
    read: float,
    runs: int,
    schedules: int,
) -> None:
    price = announced[step]

    assert (price.write, price.read) == (write, read)
    assert (price.runs, price.schedules) == (runs, schedules)


def test_polling_is_cheap_and_no_way_is_late(ways: dict[tuple[str, str], Waiting]) -> None:
    ten_seconds = ways["poll as told", "10 s"]

    assert ten_seconds.calls <= 7  # six polls, and the fetch
    assert ten_seconds.late <= 500
    assert all(each.late <= 500 for (way, _), each in ways.items() if way != "poll as told")


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
