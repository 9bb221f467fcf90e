"""What the session asks the runner to do."""

from dataclasses import dataclass

from spaces_protocol.gateway_messages import Request


@dataclass(frozen=True, slots=True)
class Start:
    """Run the function of a request; ``run`` names this run in everything that follows."""

    run: int
    request: Request


@dataclass(frozen=True, slots=True)
class Stop:
    """Stop a run; nobody waits for its answer any more."""

    run: int
    reason: str


Order = Start | Stop
