"""Headers that CloudFront forwards to the API and to streams, beside `Authorization`."""

from typing import Final

FORWARDED: Final = (
    "Accept",
    "Accept-Language",
    "CloudFront-Viewer-Address",
    "Content-Type",
    "Idempotency-Key",
    "Origin",
    "Prefer",
    "Traceparent",
    "User-Agent",
)
"""CloudFront forwards ten at most. ``Host`` is missing because API Gateway accepts only its own
host name. CloudFront's managed policies forward both the viewer's address and ``Host``, or neither.
"""
FORWARDED_TO_STREAMS: Final = (
    "Accept",
    "CloudFront-Viewer-Address",
    "Content-Type",
    "Idempotency-Key",
    "Last-Event-ID",
    "Origin",
    "Prefer",
    "Traceparent",
    "User-Agent",
    "X-Stainless-Retry-Count",
)
"""CloudFront forwards at most ten ("Quotas": headers per origin request policy)."""
FORWARDED_TO_MCP: Final = (
    "Accept",
    "CloudFront-Viewer-Address",
    "Content-Type",
    "Idempotency-Key",
    "MCP-Protocol-Version",
    "Mcp-Method",
    "Mcp-Name",
    "Origin",
    "Traceparent",
    "User-Agent",
)
"""What the Model Context Protocol needs, for which the list of streams has no room."""
