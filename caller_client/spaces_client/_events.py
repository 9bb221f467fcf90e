"""What happens to a request while you watch it."""

from dataclasses import dataclass, field
from typing import Any

from spaces_client._types import Progress


@dataclass(frozen=True, slots=True)
class Queued:
    """The request waits.

    Attributes:
        position: number of requests ahead of it; 0 is next.
        eta_seconds: expected time until it starts; None if unknown.
        reason: why it waits: ``worker_busy``, ``no_worker``, ``draining`` or ``paused``.
    """

    position: int | None
    eta_seconds: float | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Running:
    """A worker runs the request.

    Attributes:
        progress: its last report; None if there is none.
        eta_seconds: expected time until it ends; None if unknown.
        attempt: how often it has been dispatched to a worker.
    """

    progress: Progress | None
    eta_seconds: float | None
    attempt: int | None


@dataclass(frozen=True, slots=True)
class Text:
    """New text: append it.

    Attributes:
        text: what to append.
        deltas: for a call of the OpenAI API, the objects that the model's server streamed.
    """

    text: str
    deltas: list[Any] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Restarted:
    """Another attempt has begun: discard the text that you have."""


@dataclass(frozen=True, slots=True)
class Done:
    """The request has ended; this is the last event.

    Attributes:
        status: ``COMPLETED``, ``FAILED``, ``CANCELLED`` or ``TIMED_OUT``.
        error: why there is no answer, for a person.
        error_type: the same for programs.
    """

    status: str
    error: str | None = None
    error_type: str | None = None


Event = Queued | Running | Text | Restarted | Done
