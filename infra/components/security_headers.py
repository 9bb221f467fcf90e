"""Response headers that restrict what the page can do in a browser."""

from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

from infra.components.account_names import account_name
from infra.page_policy import OPENER_POLICY, for_frames

_PERMISSIONS_POLICY: Final = "camera=(), geolocation=(), microphone=(self), payment=(), usb=()"
_TWO_YEARS: Final = Duration.days(730)


def security_headers(
    scope: Construct, id_: str, *, policy: str, framed: bool = False, own_domain: bool = False
) -> cloudfront.ResponseHeadersPolicy:
    """Create the headers of the page and of API responses.

    Args:
        scope: the parent construct.
        id_: the construct id.
        policy: the Content-Security-Policy.
        framed: whether other sites may frame the page.
        own_domain: whether the page is on a domain of the operator's own, whose subdomains may
            have sites without TLS.
    """
    deny = cloudfront.ResponseHeadersFrameOptions(
        frame_option=cloudfront.HeadersFrameOption.DENY, override=True
    )
    return cloudfront.ResponseHeadersPolicy(
        scope,
        id_,
        response_headers_policy_name=account_name(scope, "framed" if framed else "page"),
        comment="WebSocket Spaces",
        security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
            content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
                content_security_policy=for_frames(policy) if framed else policy, override=True
            ),
            content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
            frame_options=None if framed else deny,
            referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
                referrer_policy=cloudfront.HeadersReferrerPolicy.NO_REFERRER, override=True
            ),
            strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                access_control_max_age=_TWO_YEARS, include_subdomains=not own_domain, override=True
            ),
        ),
        custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(
            custom_headers=[
                cloudfront.ResponseCustomHeader(header=header, value=value, override=True)
                for header, value in (
                    ("Permissions-Policy", _PERMISSIONS_POLICY),
                    ("Cross-Origin-Opener-Policy", OPENER_POLICY),
                )
            ]
        ),
    )
