"""Handler that delivers the webhook of one request."""

import msgspec

from spaces.bootstrap import gateway
from spaces.observability import logger
from spaces.services.webhooks.deliver_webhook import deliver_webhook
from spaces_protocol.request_id import RequestId


class Try(msgspec.Struct, frozen=True):
    """The payload of a schedule, or of an asynchronous invocation."""

    request_id: str


def handler(event: dict[str, object], _context: object) -> None:
    """Try once. Errors are raised, so that Lambda repeats it."""
    named = msgspec.convert(event, Try).request_id
    logger.append_keys(request_id=named)
    request_id = RequestId.parse(named)
    if request_id is None:
        raise ValueError(f"{named!r} is no request id.")
    deliver_webhook(gateway(), request_id)
