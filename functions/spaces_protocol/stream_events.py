"""Data of the server-sent events of ``GET /v1/stream/spaces/{space}/requests/{request_id}``."""

from typing import Any

from msgspec import Struct

from spaces_protocol.rest_bodies import RequestState


class StreamedText(Struct, frozen=True, kw_only=True):
    """Data of ``text`` and ``restart``: text to append, or to begin again with."""

    text: str


class StreamedDeltas(Struct, frozen=True, kw_only=True):
    """Data of ``delta``: objects of a call's stream, and what a person reads of them."""

    text: str
    deltas: list[Any]


class StreamEnd(Struct, frozen=True, kw_only=True):
    """Data of ``done``: how the request ended, and where its result is."""

    request_id: str
    status: RequestState
    response_url: str
    error: str | None = None
    error_type: str | None = None
