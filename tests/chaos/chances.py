"""How often something goes wrong between the functions, AWS and the workers."""

import time
from collections.abc import Callable
from types import MappingProxyType
from typing import Final

from infra.local.strict_edge.faults import LIE, Call, fits
from tests.chaos.dice import Dice, Tally

NETWORK: Final = MappingProxyType(
    {
        "cut before the call": 0.003,
        "answer lost": 0.006,
        "slow": 0.006,
        "answer after the time-out": 0.0004,
        "function killed before the call": 0.001,
        "function killed after the call": 0.0015,
    }
)
"""Kinds that any service knows, each with its probability."""
CHANCES: Final = MappingProxyType(
    {
        "DynamoDB": {
            **NETWORK,
            "throttled": 0.008,
            "server error": 0.006,
            "stale read": 0.05,
            "keys left unprocessed": 0.01,
        },
        "@connections": {
            **NETWORK,
            "throttled": 0.01,
            "server error": 0.01,
            "410 though delivered": 0.004,
            "200 though lost": 0.004,
        },
        "Scheduler": {**NETWORK, "throttled": 0.03, "server error": 0.03, "answer lost": 0.05},
        "Lambda": {**NETWORK, "throttled": 0.03, "server error": 0.03},
    }
)
BURST: Final = MappingProxyType(
    {"throttled": 0.55, "server error": 0.25, "cut before the call": 0.1, "answer lost": 0.1}
)
"""While a service is down, nothing of it works, so that boto3's own repetitions run out."""
LIE_CHANCE: Final = 0.02
TO_GATEWAY: Final = MappingProxyType({"repeated": 0.02, "late": 0.015, "old one again": 0.01})
TO_WORKER: Final = MappingProxyType({"repeated": 0.02, "late": 0.015, "lost": 0.003})
"""What may happen to a message on its way: API Gateway promises neither order nor delivery."""
HANDSHAKES: Final = MappingProxyType({"429": 0.02, "500": 0.04})
"""With which status API Gateway refuses a handshake."""


class ChaosFaults:
    """Faults of the edge, drawn by the dice.

    Attributes:
        kill_caller: kills the function whose end of the connection is that port.
    """

    def __init__(self, dice: Dice, tally: Tally) -> None:
        self._dice = dice
        self._tally = tally
        self._down: dict[str, float] = {}
        self._chances = {service: dict(chances) for service, chances in CHANCES.items()}
        self.kill_caller: Callable[[int], bool] = lambda _caller: False

    def lie(self) -> None:
        """Confirm some writes to DynamoDB that are not made."""
        self._chances["DynamoDB"][LIE] = LIE_CHANCE

    def take_down(self, service: str, seconds: float) -> None:
        """Let every call to a service fail for a while."""
        self._tally.note(f"{service}: down for a while")
        self._down[service] = time.monotonic() + seconds

    def of_call(self, call: Call) -> str | None:
        """Draw what goes wrong with a call of a function."""
        down = self._dice.armed and self._down.get(call.service, 0) > time.monotonic()
        chances = dict(BURST) if down else self._chances.get(call.service, {})
        kind = self._dice.one_of(chances)
        if kind is None or not fits(kind, call):
            return None
        self._tally.note(f"{call.service}: {kind}")
        return kind

    def of_message(self, *, to_gateway: bool) -> str | None:
        """Draw what happens to a message on a socket."""
        kind = self._dice.one_of(dict(TO_GATEWAY if to_gateway else TO_WORKER))
        if kind is not None:
            self._tally.note(f"message to the {'gateway' if to_gateway else 'worker'}: {kind}")
        return kind

    def of_handshake(self) -> int | None:
        """Draw whether a handshake is refused."""
        status = self._dice.one_of(dict(HANDSHAKES))
        if status is not None:
            self._tally.note(f"handshake: refused with {status}")
        return None if status is None else int(status)

    def kill(self, caller: int) -> None:
        """Kill the function that holds this end of a connection."""
        self.kill_caller(caller)
