"""One HTTP call, and the response to it, as API Gateway passes them."""

from base64 import b64decode
from typing import Any, NamedTuple

from spaces.handlers.rest.headers import headers_of


class Call:
    """One HTTP call.

    Attributes:
        event: The event (payload format 2.0).
        context: Lambda's context of this invocation; None outside of Lambda.
    """

    def __init__(self, event: dict[str, Any], context: Any = None) -> None:  # noqa: ANN401
        self.event = event
        self.context = context

    @property
    def method(self) -> str:
        """The method in capital letters."""
        return str(self.event["requestContext"]["http"]["method"])

    @property
    def path(self) -> str:
        """The decoded path."""
        return str(self.event["rawPath"])

    def header(self, name: str) -> str | None:
        """Return a header by its name in lower case; None if it is missing."""
        return headers_of(self.event).get(name)

    def query(self, name: str) -> str | None:
        """Return a query parameter; None if it is missing."""
        found: str | None = (self.event.get("queryStringParameters") or {}).get(name)
        return found

    def text(self) -> str:
        """Return the body as text.

        Raises:
            UnicodeDecodeError: It is not UTF-8.
        """
        body: str = self.event.get("body") or ""
        return b64decode(body).decode() if self.event.get("isBase64Encoded") else body


class Response(NamedTuple):
    """The response to a call.

    Attributes:
        body: Text, or Base64 if ``is_base64`` is true.
    """

    status: int
    body: str
    headers: dict[str, str]
    is_base64: bool = False

    def event(self) -> dict[str, Any]:
        """Return the response as API Gateway expects it."""
        return {
            "statusCode": self.status,
            "headers": self.headers,
            "body": self.body,
            "isBase64Encoded": self.is_base64,
        }
