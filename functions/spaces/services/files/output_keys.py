"""Finds where the files of an answer are stored."""

from typing import Any

from spaces.services.ports.gateway import Gateway
from spaces_protocol.request_id import RequestId


def output_keys(gateway: Gateway, request_id: RequestId) -> list[str]:
    """Return the object keys of the output's files; none if the request is no longer stored."""
    request = gateway.requests.read_answer(request_id)
    answer: dict[str, Any] = (request.ending.answer if request and request.ending else None) or {}
    return [file["key"] for file in (answer.get("output") or {}).get("files", ())]
