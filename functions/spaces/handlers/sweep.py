"""Handler of a space's sweep timer."""

import msgspec

from spaces.bootstrap import gateway
from spaces.observability import logger
from spaces.services.dispatch.sweep_space import sweep_space


class Fired(msgspec.Struct, frozen=True):
    """The payload of the schedule: the space, and the time (milliseconds) it was armed for."""

    space: str
    at: int


def handler(event: dict[str, object], _context: object) -> None:
    """Sweep one space. Errors are raised, so that Lambda retries."""
    fired = msgspec.convert(event, Fired)
    logger.append_keys(space=fired.space)
    sweep_space(gateway(), fired.space, fired.at)
