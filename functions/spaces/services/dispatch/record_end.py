"""Stores how a request ended, and logs it once."""

from spaces.domain.request import Ending
from spaces.services.ports.gateway import Gateway, UpdateOutcome
from spaces_protocol.request_id import RequestId


def record_end(gateway: Gateway, request_id: RequestId, ending: Ending) -> UpdateOutcome:
    """Store the ending of a request unless it has one, and log it if it is the one stored."""
    outcome = gateway.requests.end(request_id, ending)
    request = outcome.request
    if outcome.stored and request is not None:
        times = {"waited_ms": request.waited, "ran_ms": request.ran}
        gateway.log_event(
            "request_ended",
            request_id=str(request_id),
            space=request_id.space,
            state=ending.state,
            error_type=ending.error_type,
            **{name: value for name, value in times.items() if value is not None},
            **request.trace,
        )
    return outcome
