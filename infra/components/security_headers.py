"""Headers that tell a browser what the page may do: very little."""

from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

CONTENT_SECURITY_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        # No script may turn text into markup, but for the sanitiser of the model's answers.
        "require-trusted-types-for 'script'",
        "trusted-types dompurify",
    )
)
"""A model's answer may name any picture; fetching it would tell its server who reads the answer,
so only the page's own origin may be asked for anything."""

_PERMISSIONS_POLICY: Final = "camera=(), geolocation=(), microphone=(self), payment=(), usb=()"
_TWO_YEARS: Final = Duration.days(730)


def security_headers(scope: Construct, id_: str) -> cloudfront.ResponseHeadersPolicy:
    """Create the policy for page and API answers alike."""
    return cloudfront.ResponseHeadersPolicy(
        scope,
        id_,
        comment="WebSocket Spaces",
        security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
            content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
                content_security_policy=CONTENT_SECURITY_POLICY, override=True
            ),
            content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
            frame_options=cloudfront.ResponseHeadersFrameOptions(
                frame_option=cloudfront.HeadersFrameOption.DENY, override=True
            ),
            referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
                referrer_policy=cloudfront.HeadersReferrerPolicy.NO_REFERRER, override=True
            ),
            strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                access_control_max_age=_TWO_YEARS, include_subdomains=True, override=True
            ),
        ),
        custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(
            custom_headers=[
                cloudfront.ResponseCustomHeader(
                    header="Permissions-Policy", value=_PERMISSIONS_POLICY, override=True
                )
            ]
        ),
    )
