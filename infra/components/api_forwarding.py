"""CloudFront policies for the API: which headers it forwards, and that it caches nothing."""

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

from infra.components.account_names import account_name
from infra.forwarded_headers import FORWARDED, FORWARDED_TO_MCP, FORWARDED_TO_STREAMS


def api_cache_policy(scope: Construct, id_: str) -> cloudfront.CachePolicy:
    """Create the cache policy that forwards ``Authorization``.

    CloudFront forwards this header only if a cache policy names it, and a cache policy may name
    headers only if it allows caching (``max_ttl`` above 0). Each API response forbids caching with
    ``no-store``.
    Source: "Configure CloudFront to forward the Authorization header".
    """
    return cloudfront.CachePolicy(
        scope,
        id_,
        cache_policy_name=account_name(scope, "api"),
        comment="WebSocket Spaces: API",
        min_ttl=Duration.seconds(0),
        default_ttl=Duration.seconds(0),
        max_ttl=Duration.seconds(1),
        header_behavior=cloudfront.CacheHeaderBehavior.allow_list("Authorization"),
        query_string_behavior=cloudfront.CacheQueryStringBehavior.all(),
        cookie_behavior=cloudfront.CacheCookieBehavior.none(),
    )


def api_request_policy(scope: Construct, id_: str) -> cloudfront.OriginRequestPolicy:
    """Create the policy that forwards the headers that the API reads, and no cookies."""
    return _request_policy(scope, id_, "api", "API", FORWARDED)


def stream_request_policy(scope: Construct, id_: str) -> cloudfront.OriginRequestPolicy:
    """Create the policy that forwards the headers that streams read, and no cookies."""
    return _request_policy(scope, id_, "stream", "streams", FORWARDED_TO_STREAMS)


def mcp_request_policy(scope: Construct, id_: str) -> cloudfront.OriginRequestPolicy:
    """Create the policy that forwards the headers of the Model Context Protocol, and no cookies."""
    return _request_policy(scope, id_, "mcp", "MCP", FORWARDED_TO_MCP)


def _request_policy(
    scope: Construct, id_: str, name: str, what: str, headers: Sequence[str]
) -> cloudfront.OriginRequestPolicy:
    return cloudfront.OriginRequestPolicy(
        scope,
        id_,
        origin_request_policy_name=account_name(scope, name),
        comment=f"WebSocket Spaces: {what}",
        header_behavior=cloudfront.OriginRequestHeaderBehavior.allow_list(*headers),
        query_string_behavior=cloudfront.OriginRequestQueryStringBehavior.all(),
        cookie_behavior=cloudfront.OriginRequestCookieBehavior.none(),
    )
