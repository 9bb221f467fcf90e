"""What CloudFront tells the API of a viewer, and that it keeps no answer."""

from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

_FORWARDED: Final = (
    "Accept",
    "Accept-Language",
    "CloudFront-Viewer-Address",
    "Content-Type",
    "Idempotency-Key",
    "Origin",
    "Prefer",
    "User-Agent",
)
"""Not ``Host``: API Gateway answers to its own only. CloudFront's managed policies send either the
viewer's address and ``Host``, or neither."""


def api_cache_policy(scope: Construct, id_: str) -> cloudfront.CachePolicy:
    """Create the policy that hands ``Authorization`` on.

    CloudFront takes this header from a cache policy only, and takes headers only from one that
    could keep answers (``max_ttl`` above 0). The API forbids it in each answer (``no-store``).
    Source: "Configure CloudFront to forward the Authorization header".
    """
    return cloudfront.CachePolicy(
        scope,
        id_,
        comment="WebSocket Spaces: API",
        min_ttl=Duration.seconds(0),
        default_ttl=Duration.seconds(0),
        max_ttl=Duration.seconds(1),
        header_behavior=cloudfront.CacheHeaderBehavior.allow_list("Authorization"),
        query_string_behavior=cloudfront.CacheQueryStringBehavior.all(),
        cookie_behavior=cloudfront.CacheCookieBehavior.none(),
    )


def api_request_policy(scope: Construct, id_: str) -> cloudfront.OriginRequestPolicy:
    """Create the policy that hands on what the API reads, and whose address asks; no cookies."""
    return cloudfront.OriginRequestPolicy(
        scope,
        id_,
        comment="WebSocket Spaces: API",
        header_behavior=cloudfront.OriginRequestHeaderBehavior.allow_list(*_FORWARDED),
        query_string_behavior=cloudfront.OriginRequestQueryStringBehavior.all(),
        cookie_behavior=cloudfront.OriginRequestCookieBehavior.none(),
    )
