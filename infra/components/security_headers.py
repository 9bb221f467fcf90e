"""Response headers that restrict what the page can do in a browser."""

from collections.abc import Sequence
from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

from infra.components.account_names import account_name

_PERMISSIONS_POLICY: Final = "camera=(), geolocation=(), microphone=(self), payment=(), usb=()"
OPENER_POLICY: Final = "same-origin"
"""No other site keeps a reference to the page's window. Sign-in redirects and opens no window."""
_UNFRAMED: Final = "frame-ancestors 'none'"
_TWO_YEARS: Final = Duration.days(730)


def content_security_policy(
    *,
    files_origin: str | None = None,
    sign_in_origins: Sequence[str] = (),
    stream_origin: str | None = None,
) -> str:
    """Return the policy for what the page may load, fetch and run.

    A model's answer can refer to any image. Fetching it would tell the image's server who reads the
    answer. The page can therefore only contact its own origin, this stack's files and its sign-in.

    Args:
        files_origin: the origin of presigned URLs of inputs and results.
        sign_in_origins: the origins where the page gets and revokes tokens.
        stream_origin: the origin of streams if it is not the page's own.
    """
    streams = [stream_origin] if stream_origin else []
    files = [files_origin] if files_origin else []
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            " ".join(("img-src 'self' data: blob:", *files)),
            " ".join(("media-src 'self' blob:", *files)),
            "font-src 'self'",
            " ".join(("connect-src 'self'", *dict.fromkeys([*files, *sign_in_origins, *streams]))),
            "manifest-src 'self'",
            "base-uri 'none'",
            # No form submits anything: scripts upload files, and signing in is a link.
            "form-action 'none'",
            _UNFRAMED,
            # Only the sanitizer of model answers may turn text into markup.
            "require-trusted-types-for 'script'",
            "trusted-types dompurify",
        )
    )


CONTENT_SECURITY_POLICY: Final = content_security_policy()
"""The policy of a page whose files and sign-in are on its own origin."""


def for_frames(policy: str) -> str:
    """Return a policy that lets any site frame the page. The page itself checks the site.

    Which sites may frame a space is one of its settings, which a header cannot know.
    """
    return policy.replace(_UNFRAMED, "frame-ancestors *")


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
