"""Calls as the events that a Lambda Function URL makes of them, payload format 2.0.

Source: "Invoking Lambda function URLs", request payload format.
"""

import base64
import time
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

from infra.local.strict_edge.http_messages import Message

URL_ID: Final = "stream"
DOMAIN: Final = f"{URL_ID}.lambda-url.localhost"
"""Where the Function URL itself can be called, past CloudFront."""
_TEXTS: Final = ("text/", "application/json", "application/javascript", "application/xml")
"""Content types whose body comes as text. AWS documents only that binary ones come in Base64."""


def function_url_event(
    request: Message, headers: dict[str, str], source_address: str
) -> dict[str, Any]:
    """Return the event for a request.

    Args:
        request: the request, with its body.
        headers: its headers, by name in lower case, as they arrive at the Function URL.
        source_address: who called the Function URL.
    """
    raw_path, _, query = request.target.partition("?")
    body, is_base64 = _body_of(request.body, headers.get("content-type", ""))
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": raw_path,
        "rawQueryString": query,
        "headers": headers,
        **_query_of(request),
        "requestContext": _context_of(request, headers, source_address),
        **({} if body is None else {"body": body}),
        "isBase64Encoded": is_base64,
    }


def _context_of(request: Message, headers: dict[str, str], source_address: str) -> dict[str, Any]:
    now = time.time()
    return {
        "accountId": "anonymous",
        "apiId": URL_ID,
        "domainName": DOMAIN,
        "domainPrefix": URL_ID,
        "http": {
            "method": request.method,
            "path": request.target.partition("?")[0],
            "protocol": "HTTP/1.1",
            "sourceIp": source_address,
            "userAgent": headers.get("user-agent", ""),
        },
        "requestId": str(uuid4()),
        "routeKey": "$default",
        "stage": "$default",
        "time": datetime.fromtimestamp(now, UTC).strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "timeEpoch": int(now * 1000),
    }


def _query_of(request: Message) -> dict[str, Any]:
    joined = {name: ",".join(values) for name, values in request.query.items()}
    return {"queryStringParameters": joined} if joined else {}


def _body_of(body: bytes, content_type: str) -> tuple[str | None, bool]:
    if not body:
        return None, False
    if content_type.lower().startswith(_TEXTS):
        try:
            return body.decode(), False
        except UnicodeDecodeError:
            pass
    return base64.b64encode(body).decode(), True
