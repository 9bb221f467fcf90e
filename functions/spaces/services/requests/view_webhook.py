"""Shows how far the webhook of a request is, and sends it again."""

from spaces.domain.access.caller import Caller, Key, owner_of
from spaces.domain.errors import NotAllowed, RequestNotFound, StillRunning
from spaces.domain.request import Request
from spaces.domain.webhook_delivery import Delivery
from spaces.domain.webhooks.message import event_of, signing_secret
from spaces.services.access.issue_credential import digest_of
from spaces.services.dispatch.announce import announce
from spaces.services.ports.gateway import Gateway
from spaces.services.timestamps import timestamp_or_none
from spaces_protocol.request_id import RequestId
from spaces_protocol.webhook_bodies import WebhookSecret, WebhookView


def view_secret(caller: Caller, key: str) -> WebhookSecret:
    """Return the secret with which webhooks of an API key are signed.

    Args:
        caller: Whom the key identifies.
        key: The key itself.

    Raises:
        NotAllowed: The caller has no API key.
    """
    if not isinstance(caller, Key):
        raise NotAllowed("Only an API key has this secret. Send it as Authorization: Bearer wsk_….")
    return WebhookSecret(secret=signing_secret(digest_of(key)))


def find_own_webhook(gateway: Gateway, request_id: RequestId, caller: Caller) -> WebhookView:
    """Return how far the webhook of a request of the caller's own is.

    Raises:
        RequestNotFound: The request does not exist, or has no webhook.
        NotAllowed: It belongs to somebody else.
    """
    view = view_of(_own(gateway, request_id, caller))
    if view is None:
        raise RequestNotFound("The request has no webhook.")
    return view


def repeat_own_webhook(gateway: Gateway, request_id: RequestId, caller: Caller) -> WebhookView:
    """Send the webhook of a request of the caller's own again.

    Raises:
        RequestNotFound, NotAllowed: As in `find_own_webhook`.
        StillRunning: The request has not ended.
    """
    _own(gateway, request_id, caller)
    return repeat_webhook(gateway, request_id)


def repeat_webhook(gateway: Gateway, request_id: RequestId) -> WebhookView:
    """Send the webhook of an ended request again, under the same id.

    Raises:
        RequestNotFound: The request does not exist, or this end of it is not announced.
        StillRunning: It has not ended.
    """
    request = _find(gateway, request_id)
    if request.ending is None:
        raise StillRunning("The request has not ended. Its webhook is sent when it does.")
    if event_of(request) is None:
        raise RequestNotFound("No webhook was asked for at this end of the request.")
    swapped = gateway.requests.swap_delivery(request_id, request.delivery, Delivery()).request
    begun = swapped or request
    announce(gateway, begun, again=True)
    view = view_of(begun)
    if view is None:
        raise RequestNotFound("The request has no webhook.")
    return view


def view_of(request: Request) -> WebhookView | None:
    """Return how far the webhook of a request is; None if it has none."""
    if request.webhook is None:
        return None
    delivery = request.delivery or Delivery()
    return WebhookView(
        url=request.webhook.url,
        events=request.webhook.events,
        state=delivery.state,
        tries=delivery.tries,
        status=delivery.status,
        error=delivery.error,
        next_at=timestamp_or_none(delivery.next_at),
        ended_at=timestamp_or_none(delivery.ended_at),
    )


def _own(gateway: Gateway, request_id: RequestId, caller: Caller) -> Request:
    request = _find(gateway, request_id)
    if request.owner is None or request.owner != owner_of(caller):
        raise NotAllowed(
            "This webhook belongs to somebody else. Send the API key that asked for it."
        )
    return request


def _find(gateway: Gateway, request_id: RequestId) -> Request:
    request = gateway.requests.read(request_id.space, request_id.ticket, with_input=False)
    if not isinstance(request, Request) or request.nonce != request_id.nonce:
        raise RequestNotFound("The request does not exist or is no longer stored.")
    return request
