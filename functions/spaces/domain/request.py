"""A request, from its acceptance to its one end."""

from typing import Any

from msgspec import Struct

from spaces_protocol.request_id import RequestId
from spaces_protocol.rest_bodies import ProgressView, RequestState


class Ending(Struct, frozen=True, kw_only=True):
    """How a request ended; written once, never changed.

    Attributes:
        worker_id: whose result it is; None if no worker ended it.
        attempt: the attempt that ended it, or the last one known.
        answer: what the worker sent, as `spaces_protocol.worker_messages.Result` names it
            (output, confidence, model, usage, inference_time).
        error: a sentence for the user; error_type: the same for programs.
    """

    state: RequestState
    ended_at: int
    started_at: int | None = None
    worker_id: str | None = None
    attempt: int | None = None
    answer: dict[str, Any] | None = None
    error: str | None = None
    error_type: str | None = None


class Request(Struct, frozen=True, kw_only=True):
    """One inference asked for by a user; times in milliseconds since 1970.

    Attributes:
        nonce: the unguessable part of its id.
        input: what the user submitted.
        queue_deadline: when it ends if no worker took it.
        expires_at: when it is no longer kept.
        owner, owner_name: whose it is, for the gateway and for administrators; None if nobody's.
        attempt, worker_id, progress, lease_until: from the last progress, if any.
        chunks: pieces of text that were streamed, by attempt; a repeated one counts twice.
        ending: None until it has ended.
    """

    space_id: str
    ticket: int
    nonce: str
    created_at: int
    queue_deadline: int
    expires_at: int
    input: dict[str, Any] = {}
    owner: str | None = None
    owner_name: str | None = None
    attempt: int = 0
    worker_id: str | None = None
    progress: ProgressView | None = None
    lease_until: int = 0
    chunks: dict[int, int] = {}
    ending: Ending | None = None

    @property
    def request_id(self) -> RequestId:
        """Return the id that it is known by outside."""
        return RequestId(self.space_id, self.ticket, self.nonce)


class Tombstone(Struct, frozen=True):
    """Stands where a ticket was issued but no request stored; nothing can be stored there."""

    ticket: int
