"""What an action costs, and what bounds how often it can be repeated."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from spaces.handlers.message_budget import WRONG_OUTPUT_MESSAGES

PER_CALLER: Final = "requests a minute and waiting requests of the caller"


PER_UPLOAD: Final = "ten calls for each request a minute of the caller; bytes a day"


PER_ROUTE: Final = "the rate of the stage"


PER_MINUTE: Final = "once a minute for each request, by each instance of the function"


PER_SOCKET: Final = "messages of the connection"


WRONG_OUTPUT: Final = f"{PER_SOCKET}; counts as {1 + WRONG_OUTPUT_MESSAGES} of them"


PER_TOKEN: Final = "600 an hour for a token"  # noqa: S105 - a bound, not a token


class Price(NamedTuple):
    """What an action costs, and what bounds how often it can be repeated."""

    action: str
    write: float
    read: float
    s3: int
    messages: int
    bound: str

    def row(self) -> str:
        """Return the row of the table."""
        return (
            f"| {self.action} | {self.write:g} | {self.read:g} | {self.s3} | {self.messages} "
            f"| {self.bound} |"
        )


HEAD: Final = (
    "| action | write units | read units | S3 calls | messages | bounded by |\n"
    "|---|---|---|---|---|---|\n"
)


def table(prices: Iterable[Price]) -> str:
    """Return the prices as a table."""
    return HEAD + "\n".join(price.row() for price in prices) + "\n"
