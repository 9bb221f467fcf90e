"""Effects: what the session asks the runner and the disk to do."""

from dataclasses import dataclass

from spaces_protocol.gateway_messages import Request
from spaces_protocol.worker_messages import Result as ResultMessage


@dataclass(frozen=True, slots=True)
class StartRun:
    """Run the function of a request.

    Attributes:
        run: identifies this run in later events.
        seconds: time limit of the run from now on; None if the gateway named none.
    """

    run: int
    request: Request
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class StopRun:
    """Stop a run, because its result is no longer wanted."""

    run: int
    reason: str


RunEffect = StartRun | StopRun


@dataclass(frozen=True, slots=True)
class SaveResult:
    """Write a result to disk; it is sent once that is done or has failed."""

    result: ResultMessage


@dataclass(frozen=True, slots=True)
class DeleteResult:
    """Remove the result of a request from disk."""

    request_id: str


DiskEffect = SaveResult | DeleteResult
