"""Bodies of webhooks."""

from typing import Literal

from msgspec import Struct, field

from spaces_protocol.fields import Timestamp
from spaces_protocol.rest_bodies import RequestState, RequestTimes
from spaces_protocol.webhooks import WebhookEvent


class WebhookData(Struct, frozen=True, kw_only=True):
    """What a webhook says about the request.

    Attributes:
        response_url: where the result is.
        metadata: the ``metadata`` of the submit.
    """

    request_id: str
    space: str
    status: RequestState
    times: RequestTimes
    response_url: str
    error: str | None = None
    error_type: str | None = None
    metadata: dict[str, str] = field(default_factory=dict)


class WebhookPayload(Struct, frozen=True, kw_only=True):
    """Body of a webhook (Standard Webhooks, "Payload structure").

    Attributes:
        timestamp: when the request ended.
    """

    type: WebhookEvent
    timestamp: Timestamp
    data: WebhookData


class WebhookView(Struct, frozen=True, kw_only=True):
    """Body of ``GET …/requests/{request_id}/webhook``: how far the webhook of a request is.

    Attributes:
        state: ``pending`` until it was ``delivered``, the receiver answered 410 (``gone``), or the
            last try failed.
        tries: how many tries have begun.
        status: the receiver's last HTTP status.
        error: why there was none.
        next_at: when the next try is due.
        ended_at: when its state became final.
    """

    url: str
    events: tuple[WebhookEvent, ...]
    state: Literal["pending", "delivered", "gone", "failed"]
    tries: int
    status: int | None = None
    error: str | None = None
    next_at: Timestamp | None = None
    ended_at: Timestamp | None = None


class WebhookSecret(Struct, frozen=True, kw_only=True):
    """Body of ``GET /v1/webhook-secret``: what webhooks of this API key are signed with."""

    secret: str
