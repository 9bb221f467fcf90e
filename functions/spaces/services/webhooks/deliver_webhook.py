"""Tries to deliver a request's webhook, and arms the next try if that fails."""

from typing import Final, NamedTuple

import msgspec

from spaces.domain.queue.sweep_timer import SHORTEST_LEAD
from spaces.domain.request import Ending, Request
from spaces.domain.timing import SECOND
from spaces.domain.webhook_delivery import Delivery, Outcome
from spaces.domain.webhooks.message import (
    event_of,
    message_id,
    signed_headers,
    signing_secret,
)
from spaces.services.access.find_secrets import read_secrets
from spaces.services.ports.gateway import Gateway
from spaces.services.requests.view_request import times_of
from spaces.services.timestamps import timestamp
from spaces_protocol.request_id import RequestId
from spaces_protocol.webhook_bodies import WebhookData, WebhookPayload
from spaces_protocol.webhooks import Webhook, WebhookEvent

KEY_PREFIX: Final = "key#"


class TryNotArmed(Exception):
    """The next try could not be scheduled; Lambda must repeat this invocation."""


class _Due(NamedTuple):
    """A request whose webhook is due.

    Attributes:
        event: What is announced.
    """

    request: Request
    ending: Ending
    webhook: Webhook
    event: WebhookEvent


def deliver_webhook(gateway: Gateway, request_id: RequestId) -> None:
    """Send the webhook of an ended request, unless that is done, given up, or under way.

    Safe to repeat. A crash after the receiver took it sends it once more, under the same id.

    Raises:
        TryNotArmed: The next try could not be scheduled.
    """
    due = _find_due(gateway, request_id)
    if due is None:
        return
    before, now = due.request.delivery, gateway.now()
    delivery = before or Delivery()
    if delivery.is_due(now):
        begun = delivery.begin(now)
        if not gateway.requests.swap_delivery(request_id, before, begun).stored:
            return  # somebody else has begun
        delivery = _record(gateway, request_id, begun, _send(gateway, due, now))
    _arm_next(gateway, request_id, delivery)


def _find_due(gateway: Gateway, request_id: RequestId) -> _Due | None:
    request = gateway.requests.read(request_id.space, request_id.ticket, with_input=False)
    if not isinstance(request, Request) or request.nonce != request_id.nonce:
        return None
    event = event_of(request)
    if request.ending is None or request.webhook is None or event is None:
        return None
    return _Due(request, request.ending, request.webhook, event)


def _send(gateway: Gateway, due: _Due, now: int) -> Outcome:
    secrets = _secrets(gateway, due.request)
    if not secrets:
        return Outcome(error="The API key of the request is no longer valid.")
    body = msgspec.json.encode(_payload(gateway, due))
    headers = signed_headers(message_id(due.request), body, secrets, now // SECOND)
    return gateway.webhook_sender.post(due.webhook.url, headers, body)


def _secrets(gateway: Gateway, request: Request) -> list[str]:
    """Return the signing secrets of the key that submitted it: two while it is being replaced."""
    if request.owner is None or not request.owner.startswith(KEY_PREFIX):
        return []
    digests = gateway.keys.lineages.digests(request.owner.removeprefix(KEY_PREFIX))
    now = gateway.now()
    valid = [kept for kept in read_secrets(gateway.keys, digests) if kept.credential.is_valid(now)]
    newest_first = sorted(valid, key=lambda kept: kept.credential.created_at, reverse=True)
    return [signing_secret(kept.digest) for kept in newest_first]


def _payload(gateway: Gateway, due: _Due) -> WebhookPayload:
    request, ending = due.request, due.ending
    path = f"/v1/spaces/{request.space_id}/requests/{request.request_id}"
    return WebhookPayload(
        type=due.event,
        timestamp=timestamp(ending.ended_at),
        data=WebhookData(
            request_id=str(request.request_id),
            space=request.space_id,
            status=ending.state,
            times=times_of(request, ending.started_at),
            response_url=f"{gateway.api_url or ''}{path}",
            error=ending.error,
            error_type=ending.error_type,
            metadata=request.metadata,
        ),
    )


def _record(gateway: Gateway, request_id: RequestId, begun: Delivery, outcome: Outcome) -> Delivery:
    after = begun.after(outcome, gateway.now())
    gateway.requests.swap_delivery(request_id, begun, after)
    gateway.log_event(
        "webhook_tried",
        request_id=str(request_id),
        state=after.state,
        tries=after.tries,
        status=outcome.status,
        error=outcome.error,
    )
    return after


def _arm_next(gateway: Gateway, request_id: RequestId, delivery: Delivery) -> None:
    """Schedule the next try: after this one, or when the try under way has surely ended."""
    if delivery.state != "pending":
        return
    due = delivery.next_at or delivery.claimed_until
    if not gateway.webhook_tries.arm(request_id, max(due, gateway.now() + SHORTEST_LEAD)):
        raise TryNotArmed(f"The next try for {request_id} could not be scheduled.")
