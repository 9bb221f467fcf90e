"""Deletes a request that has ended, and its files."""

from typing import Any

from spaces.domain.access.caller import Caller, owner_of
from spaces.domain.errors import NotAllowed, RequestNotFound, StillRunning
from spaces.domain.request import Request
from spaces.services.ports.gateway import Gateway
from spaces_protocol.request_id import RequestId


def delete_request(gateway: Gateway, request_id: RequestId, caller: Caller) -> None:
    """Delete a request.

    Its owner may delete it; an anonymous request may be deleted by anyone who knows its id. Files
    are deleted first, so that a repeated call after a crash finds the rest.

    Raises:
        RequestNotFound: No request has this id.
        NotAllowed: The request belongs to someone else.
        StillRunning: It has not ended.
    """
    request = gateway.requests.read_answer(request_id)
    if request is None:
        raise RequestNotFound("The request does not exist. Check the URL.")
    if request.owner is not None and request.owner != owner_of(caller):
        raise NotAllowed(
            "This request belongs to someone else. Only its owner can delete it, signed in or with "
            "the same API key."
        )
    if request.ending is None:
        raise StillRunning("The request has not ended. Cancel it before you delete it.")
    gateway.files.remove([*_files_of(request), *gateway.history.files_beside(request)])
    gateway.history.remove(request, gateway.now())
    gateway.log_event("request_deleted", request_id=str(request_id))


def _files_of(request: Request) -> list[str]:
    answer: dict[str, Any] = (request.ending and request.ending.answer) or {}
    stored = [*request.input.get("files", ()), *(answer.get("output") or {}).get("files", ())]
    body = [request.input["body_key"]] if "body_key" in request.input else []
    return [*body, *(file["key"] for file in stored)]
