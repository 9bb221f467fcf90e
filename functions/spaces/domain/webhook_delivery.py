"""The delivery of a request's webhook: what it announces, and what its tries have come to."""

from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from spaces.domain.timing import SECOND

MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
RETRY_DELAYS: Final = (
    *(5 * SECOND, 5 * MINUTE, 30 * MINUTE),
    *(2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR),
)
"""How long after each failed try the next one follows ("Standard Webhooks", "Retry Schedule")."""
MAX_RETRY_AFTER: Final = 24 * HOUR
TRY_LASTS: Final = 40 * SECOND
"""How long a try keeps others away; longer than the function may run."""
MAX_ERROR_CHARS: Final = 200

DeliveryState = Literal["pending", "delivered", "gone", "failed"]


class Outcome(Struct, frozen=True, kw_only=True):
    """What a receiver answered.

    Attributes:
        status: The HTTP status; None if there was no answer.
        error: Why there was none.
        retry_after: How many milliseconds the receiver asks to wait; None if it did not say.
    """

    status: int | None = None
    error: str | None = None
    retry_after: int | None = None

    @property
    def accepted(self) -> bool:
        """Whether the receiver has taken it."""
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004 - HTTP

    @property
    def gone(self) -> bool:
        """Whether the receiver wants no more of it."""
        return self.status == 410  # noqa: PLR2004 - HTTP


class Delivery(Struct, frozen=True, kw_only=True):
    """How far the delivery of one webhook is; times are in milliseconds since 1970.

    Attributes:
        state: ``pending`` until a try succeeded, the receiver was gone, or the last try failed.
        tries: How many tries have begun.
        claimed_until: How long the try under way keeps others away; 0 if none is under way.
        next_at: When the next try is due; None if none follows.
        status: The receiver's last HTTP status; error: why there was none.
        ended_at: When its state became final.
    """

    state: DeliveryState = "pending"
    tries: int = 0
    claimed_until: int = 0
    next_at: int | None = None
    status: int | None = None
    error: str | None = None
    ended_at: int | None = None

    def is_due(self, now: int) -> bool:
        """Tell whether a try may begin."""
        due = self.next_at is None or self.next_at <= now
        return self.state == "pending" and due and self.claimed_until <= now

    def begin(self, now: int) -> "Delivery":
        """Return it with one more try under way."""
        return replace(self, tries=self.tries + 1, claimed_until=now + TRY_LASTS)

    def after(self, outcome: Outcome, now: int) -> "Delivery":
        """Return it after the try under way has come to this."""
        error = None if outcome.error is None else outcome.error[:MAX_ERROR_CHARS]
        tried = replace(self, claimed_until=0, status=outcome.status, error=error, next_at=None)
        if outcome.accepted:
            return replace(tried, state="delivered", ended_at=now)
        if outcome.gone:
            return replace(tried, state="gone", ended_at=now)
        if self.tries > len(RETRY_DELAYS):
            return replace(tried, state="failed", ended_at=now)
        asked = min(outcome.retry_after or 0, MAX_RETRY_AFTER)
        return replace(tried, next_at=now + max(RETRY_DELAYS[self.tries - 1], asked))
