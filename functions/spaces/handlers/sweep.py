"""Trigger of a space's one-shot clock."""

import msgspec

from spaces.bootstrap import gateway
from spaces.observability import logger
from spaces.services.dispatch.sweep_space import sweep_space


class Fired(msgspec.Struct, frozen=True):
    """What the schedule says: the space, and the time (milliseconds) for which it was armed."""

    space: str
    at: int


def handler(event: dict[str, object], _context: object) -> None:
    """Sweep one space; whatever goes wrong is raised, so that Lambda runs it again."""
    fired = msgspec.convert(event, Fired)
    logger.append_keys(space=fired.space)
    sweep_space(gateway(), fired.space, fired.at)
