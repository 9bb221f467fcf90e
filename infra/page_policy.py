"""What the page may do in a browser, as values of response headers."""

from collections.abc import Sequence
from typing import Final

EMBED_PATH: Final = "/embed.html"
"""The only page that other sites may frame. It checks whether its space allows the site."""
OPENER_POLICY: Final = "same-origin"
"""No other site keeps a reference to the page's window. Sign-in redirects and opens no window."""
_UNFRAMED: Final = "frame-ancestors 'none'"


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
