"""Deletes a request that has ended, with its files."""

from typing import Any

from spaces.domain.access.caller import Caller, owner_of
from spaces.domain.errors import NotAllowed, RequestNotFound, StillRunning
from spaces.domain.request import Request
from spaces.services.ports.gateway import Gateway
from spaces_protocol.request_id import RequestId


def delete_request(gateway: Gateway, request_id: RequestId, caller: Caller) -> None:
    """Delete a request: its owner may, or, if it is nobody's, whoever knows its id.

    What lies beside it goes first, so that a call that is repeated after a crash finds the rest.

    Raises:
        RequestNotFound: no request has this id (any more).
        NotAllowed: it is somebody else's.
        StillRunning: it has not ended.
    """
    request = gateway.requests.read_answer(request_id)
    if request is None:
        raise RequestNotFound("There is no such request. Check the address.")
    if request.owner is not None and request.owner != owner_of(caller):
        raise NotAllowed(
            "This request is somebody else's. Only who submitted it can delete it: signed in, or "
            "with the same API key."
        )
    if request.ending is None:
        raise StillRunning("The request has not ended. Cancel it first, then delete it.")
    gateway.files.remove([*_files_of(request), *gateway.history.files_beside(request)])
    gateway.history.remove(request, gateway.now())
    gateway.log_event("request_deleted", request_id=str(request_id))


def _files_of(request: Request) -> list[str]:
    answer: dict[str, Any] = (request.ending and request.ending.answer) or {}
    kept = [*request.input.get("files", ()), *(answer.get("output") or {}).get("files", ())]
    return [file["key"] for file in kept]
