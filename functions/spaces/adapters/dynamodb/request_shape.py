"""The shape of a request's item and of a tombstone; entities never see key syntax."""

from spaces.adapters.dynamodb.keys import request_key
from spaces.adapters.dynamodb.values import (
    Item,
    as_json,
    number,
    read_json,
    read_number,
    read_text,
    text,
)
from spaces.domain.input_excerpt import excerpt_of_input
from spaces.domain.request import Ending, Request
from spaces.domain.timing import REQUEST_RETENTION, SECOND
from spaces.domain.webhook_delivery import Delivery
from spaces.schema import CREATED_AT, EXPIRES_AT, OWNER, SPACE_ID, TICKET
from spaces_protocol.rest_bodies import ProgressView
from spaces_protocol.webhooks import Webhook

_TOMBSTONE = "tombstone"
_CHUNKS = "chunks_"


def request_item(request: Request) -> Item:
    """Return the item of a new request, without its input."""
    return {
        **request_key(request.space_id, request.ticket),
        "nonce": text(request.nonce),
        CREATED_AT: text(str(request.created_at)),
        "queue_deadline": number(request.queue_deadline),
        EXPIRES_AT: number(request.expires_at // SECOND),
        **_ownership(request),
        **_options(request),
    }


def _ownership(request: Request) -> Item:
    """Return the attributes that index a request by its owner."""
    if request.owner is None:
        return {}
    return {OWNER: text(request.owner), "owner_name": text(request.owner_name or "")}


def _options(request: Request) -> Item:
    """Return the attributes of what the caller set; most callers set nothing."""
    numbers = {"timeout": request.timeout, "start_timeout": request.start_timeout}
    options = {name: number(value) for name, value in numbers.items() if value is not None}
    if request.metadata:
        options["metadata"] = as_json(request.metadata)
    if request.traceparent is not None:
        options["traceparent"] = text(request.traceparent)
    if request.webhook is not None:
        options["webhook"] = as_json(request.webhook)
    return options


def excerpt_of(request: Request, payload: Item) -> Item:
    """Return the beginning of the input for the history, if the input is stored elsewhere."""
    if request.owner is None or "input" in payload:
        return {}
    excerpt = excerpt_of_input(request.input)
    return {"excerpt": text(excerpt)} if excerpt else {}


def request_of(item: Item) -> Request:
    """Return the request that an item holds, without its payloads."""
    return Request(
        space_id=item[SPACE_ID]["S"],
        ticket=int(item[TICKET]["S"]),
        nonce=item["nonce"]["S"],
        created_at=int(item[CREATED_AT]["S"]),
        queue_deadline=read_number(item, "queue_deadline"),
        expires_at=read_number(item, EXPIRES_AT) * SECOND,
        timeout=read_number(item, "timeout") or None,
        start_timeout=read_number(item, "start_timeout") or None,
        metadata=read_json(item, "metadata", dict[str, str]) if "metadata" in item else {},
        traceparent=read_text(item, "traceparent"),
        webhook=read_json(item, "webhook", Webhook) if "webhook" in item else None,
        owner=read_text(item, OWNER),
        owner_name=read_text(item, "owner_name"),
        attempt=read_number(item, "attempt"),
        worker_id=read_text(item, "worker_id"),
        progress=read_json(item, "progress", ProgressView) if "progress" in item else None,
        lease_until=read_number(item, "lease_until"),
        chunks=_chunks(item),
        ending=read_json(item, "ending", Ending) if "ending" in item else None,
        delivery=read_json(item, "delivery", Delivery) if "delivery" in item else None,
    )


def chunk_counter(attempt: int) -> str:
    """Return the attribute that counts the chunks of an attempt."""
    return f"{_CHUNKS}{attempt}"


def _chunks(item: Item) -> dict[int, int]:
    return {
        int(name.removeprefix(_CHUNKS)): read_number(item, name)
        for name in item
        if name.startswith(_CHUNKS)
    }


def tombstone_item(space_id: str, ticket: int, now: int) -> Item:
    """Return the tombstone of a ticket that will never have a request."""
    return {
        **request_key(space_id, ticket),
        _TOMBSTONE: {"BOOL": True},
        EXPIRES_AT: number((now + REQUEST_RETENTION) // SECOND),
    }


def is_tombstone(item: Item) -> bool:
    """Tell a tombstone from a request."""
    return _TOMBSTONE in item
