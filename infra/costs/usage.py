"""What was used, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from infra.costs.prices import PRICES, Item

Amount = Decimal | int | float
_NOTHING: Mapping[Item, Decimal] = MappingProxyType({})


@dataclass(frozen=True)
class Usage:
    """Amounts by item. Calculates in decimals, so sums of small prices are exact."""

    amounts: Mapping[Item, Decimal] = field(default_factory=lambda: _NOTHING)

    def __add__(self, other: Usage) -> Usage:
        """Return both together."""
        items = self.amounts.keys() | other.amounts.keys()
        return Usage({item: self[item] + other[item] for item in items})

    def __mul__(self, times: Amount) -> Usage:
        """Return the same many times."""
        factor = _decimal(times)
        return Usage({item: amount * factor for item, amount in self.amounts.items()})

    def __getitem__(self, item: Item) -> Decimal:
        """Return the amount of an item."""
        return self.amounts.get(item, Decimal(0))

    def usd(self, item: Item, *, free: bool = False) -> Decimal:
        """Return what an item costs in USD, unrounded.

        Args:
            item: the item.
            free: whether this is all that an account uses in a month, so that its free part is
                subtracted.
        """
        price, amount = PRICES[item], self[item]
        charged = max(Decimal(0), amount - price.free) if free else amount
        return charged * price.each

    def total(self, *, free: bool = False) -> Decimal:
        """Return what everything costs in USD, unrounded; ``free`` as in `usd`."""
        return sum((self.usd(item, free=free) for item in self.amounts), Decimal(0))


def use(**amounts: Amount) -> Usage:
    """Return a use by the lower-case names of its items: ``use(write_unit=3, run=1)``."""
    return Usage({Item[name.upper()]: _decimal(amount) for name, amount in amounts.items()})


def _decimal(amount: Amount) -> Decimal:
    """Return a number as it is written, not as its binary neighbour."""
    return amount if isinstance(amount, Decimal) else Decimal(str(amount))
