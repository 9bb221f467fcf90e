"""A request, from acceptance to its single ending."""

from typing import Any

from msgspec import Struct, field

from spaces.domain.holder import Holder, worker_id_of
from spaces.domain.webhook_delivery import Delivery
from spaces_protocol.request_id import RequestId
from spaces_protocol.rest_bodies import ProgressView, RequestState
from spaces_protocol.webhooks import Webhook


class Ending(Struct, frozen=True, kw_only=True):
    """How a request ended. Written once and never changed.

    Attributes:
        holder: The worker whose result this is; None if no worker ended the request. Stored under
            an older name, by which earlier versions stored the worker id alone.
        attempt: The attempt that ended it, or the last known one.
        answer: What the worker sent, with the field names of
            `spaces_protocol.worker_messages.Result` (output, confidence, model, usage,
            inference_time).
        error: A sentence for the user.
        error_type: The same for programs.
    """

    state: RequestState
    ended_at: int
    started_at: int | None = None
    holder: Holder | None = field(default=None, name="worker_id")
    attempt: int | None = None
    answer: dict[str, Any] | None = None
    error: str | None = None
    error_type: str | None = None

    @property
    def worker_id(self) -> str | None:
        """The public id of the worker."""
        return None if self.holder is None else worker_id_of(self.holder)


class Request(Struct, frozen=True, kw_only=True):
    """One inference that a user asked for; times are in milliseconds since 1970.

    Attributes:
        nonce: The unguessable part of the id.
        input: What the user submitted.
        queue_deadline: When the request ends if no worker has taken it.
        expires_at: When the request is deleted.
        timeout, start_timeout: Its own limits for running and waiting; None if those of the space
            apply.
        metadata: What the caller noted with it.
        traceparent: Where it belongs in the caller's trace (W3C Trace Context).
        webhook: Where its end is announced; None if nowhere.
        owner: Whom the request belongs to; None for an anonymous caller.
        owner_name: How administrators see the owner.
        attempt, worker_id, progress, lease_until: From the last progress message, if any.
        chunks: Number of streamed chunks by attempt; a repeated chunk counts twice.
        ending: None until the request has ended.
        delivery: How far its webhook is; None before the first try.
        damaged: Whether its stored input or answer cannot be read; what cannot is empty.
        incomplete: Whether its input or answer was stored beside it and has expired; it is empty.
    """

    space_id: str
    ticket: int
    nonce: str
    created_at: int
    queue_deadline: int
    expires_at: int
    input: dict[str, Any] = {}
    timeout: int | None = None
    start_timeout: int | None = None
    metadata: dict[str, str] = {}
    traceparent: str | None = None
    webhook: Webhook | None = None
    owner: str | None = None
    owner_name: str | None = None
    attempt: int = 0
    worker_id: str | None = None
    progress: ProgressView | None = None
    lease_until: int = 0
    chunks: dict[int, int] = {}
    ending: Ending | None = None
    delivery: Delivery | None = None
    damaged: bool = False
    incomplete: bool = False

    @property
    def trace(self) -> dict[str, str]:
        """Return the fields that log lines about it have in addition to its id."""
        return {} if self.traceparent is None else {"traceparent": self.traceparent}

    @property
    def waited(self) -> int | None:
        """Milliseconds until the attempt that ended started; None if none did, or without end."""
        ending = self.ending
        if ending is None or ending.started_at is None:
            return None
        return max(0, ending.started_at - self.created_at)

    @property
    def ran(self) -> int | None:
        """Milliseconds that the attempt that ended took; None as for `waited`."""
        ending = self.ending
        if ending is None or ending.started_at is None:
            return None
        return max(0, ending.ended_at - ending.started_at)

    @property
    def request_id(self) -> RequestId:
        """Return the id that callers use."""
        return RequestId(self.space_id, self.ticket, self.nonce)


class Tombstone(Struct, frozen=True):
    """Marks a ticket that was issued but whose request was never stored, and now never can be."""

    ticket: int
