"""Handler of a space's sweep timer."""

import msgspec

from spaces.bootstrap import gateway
from spaces.observability import logger
from spaces.services.dispatch.sweep_space import sweep_space


class Fired(msgspec.Struct, frozen=True):
    """The payload of a schedule, or of a sweep that was started without one.

    Attributes:
        space: The space to sweep.
        at: The time (milliseconds) it was armed for or started at.
        began: When the chain of sweeps began that it continues; None for the first sweep of one.
        ticket: The request it was armed for; None if for the space.
    """

    space: str
    at: int
    began: int | None = None
    ticket: int | None = None


def handler(event: dict[str, object], _context: object) -> None:
    """Sweep one space. Errors are raised, so that Lambda retries."""
    fired = msgspec.convert(event, Fired)
    logger.append_keys(space=fired.space)
    sweep_space(gateway(), fired.space, fired.at, fired.began, fired.ticket)
