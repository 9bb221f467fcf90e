"""Headers that tell a browser what the page may do: very little."""

from collections.abc import Sequence
from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

_PERMISSIONS_POLICY: Final = "camera=(), geolocation=(), microphone=(self), payment=(), usb=()"
_UNFRAMED: Final = "frame-ancestors 'none'"
_TWO_YEARS: Final = Duration.days(730)


def content_security_policy(
    *, files_origin: str | None = None, sign_in_origins: Sequence[str] = ()
) -> str:
    """Return what the page may load, ask and run.

    A model's answer may name any picture; fetching it would tell its server who reads the answer,
    so only the page's own origin and this stack's own files and sign-in may be asked for anything.

    Args:
        files_origin: where presigned addresses of inputs and results point.
        sign_in_origins: where the page asks for tokens and ends them.
    """
    files = [files_origin] if files_origin else []
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            " ".join(("img-src 'self' data: blob:", *files)),
            " ".join(("media-src 'self' blob:", *files)),
            "font-src 'self'",
            " ".join(("connect-src 'self'", *dict.fromkeys([*files, *sign_in_origins]))),
            "manifest-src 'self'",
            "base-uri 'none'",
            # Nothing is sent by a form: files go to their bucket by script, signing in is a link.
            "form-action 'none'",
            _UNFRAMED,
            # No script may turn text into markup, but for the sanitiser of the model's answers.
            "require-trusted-types-for 'script'",
            "trusted-types dompurify",
        )
    )


CONTENT_SECURITY_POLICY: Final = content_security_policy()
"""Of a page whose files and sign-in are on its own origin."""


def for_frames(policy: str) -> str:
    """Return a policy that lets any site frame the page, which itself checks who does.

    Which sites may frame a space is one of its settings; a header cannot know it.
    """
    return policy.replace(_UNFRAMED, "frame-ancestors *")


def security_headers(
    scope: Construct, id_: str, *, policy: str, framed: bool = False
) -> cloudfront.ResponseHeadersPolicy:
    """Create the headers for page and API answers alike.

    Args:
        scope: where they belong.
        id_: their name there.
        policy: the Content-Security-Policy.
        framed: whether other sites may show the page in a frame.
    """
    deny = cloudfront.ResponseHeadersFrameOptions(
        frame_option=cloudfront.HeadersFrameOption.DENY, override=True
    )
    return cloudfront.ResponseHeadersPolicy(
        scope,
        id_,
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
