"""The table of prices, and sums made from it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from infra.costs.prices import CHECKED, MILLION, PRICES, Item
from infra.costs.usage import Usage, use


def test_every_item_has_a_price_with_a_source():
    assert set(PRICES) == set(Item)
    for price in PRICES.values():
        assert price.usd > 0
        assert price.source.endswith(("pricing", "on-demand"))


def test_prices_have_been_compared_within_two_years():
    assert datetime.now(UTC).date() - CHECKED < timedelta(days=730)


def test_sums_of_small_prices_are_exact():
    one = use(write_unit=3, read_unit=0.5, http_call=1)
    million = sum((one for _ in range(9)), one) * (MILLION // 10)

    assert million.total() == Decimal("1.875") + Decimal("0.0625") + Decimal("1.00")


def test_a_price_is_that_of_one_unit():
    assert use(gb_second=1).total() == Decimal("0.0000133334")
    assert use(http_call=1).total() == Decimal("0.000001")


@pytest.mark.parametrize(("runs", "usd"), [(999_999, "0"), (MILLION, "0"), (3 * MILLION, "0.40")])
def test_what_is_free_is_subtracted_once_a_month(runs, usd):
    assert use(run=runs).total(free=True) == Decimal(usd)


def test_what_is_not_free_stays():
    assert use(http_call=10).total(free=True) == use(http_call=10).total()


def test_nothing_costs_nothing():
    assert Usage().total() == 0
    assert (Usage() + use(run=1) * 0).total() == 0
