"""The part of a submit that asks for a webhook."""

from typing import Final, Literal, get_args

from msgspec import Struct

WebhookEvent = Literal[
    "request.completed", "request.failed", "request.cancelled", "request.timed_out"
]
ALL_EVENTS: Final = get_args(WebhookEvent)


class Webhook(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the end of a request is announced.

    Attributes:
        url: a public https address.
        events: which endings to announce.
    """

    url: str
    events: tuple[WebhookEvent, ...] = ALL_EVENTS
