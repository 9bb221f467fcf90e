"""S3: whoever may not list a bucket does not learn that an object is missing."""

from typing import Final

from infra.local.strict_edge.http_messages import Message, respond

_DENIED: Final = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n'
    b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message>"
    b"<RequestId>EDGE</RequestId><HostId>edge</HostId></Error>"
)


def hide_missing(request: Message, response: Message) -> Message | None:
    """Return 403, to be answered instead of 404 for a missing object.

    S3 does so for whoever may not list the bucket ("GetObject", "HeadObject"); no function of this
    project may.
    """
    missing = response.status == 404  # noqa: PLR2004 - HTTP
    if not missing or "uploadId" in request.query:
        return None
    if request.method == "HEAD":
        return Message(b"HTTP/1.1 403 Forbidden\r\ncontent-type: application/xml\r\n\r\n")
    return respond(403, "Forbidden", _DENIED, content_type="application/xml")
