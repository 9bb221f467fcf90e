"""Routes of the HTTP API, on which infra and handlers must agree.

Each route has its own rate and its own authorizer. API Gateway may choose it by the path as it was
sent, while handlers see the path decoded: an escaped path could take a route that is not its own.
"""

from typing import Final

FLOODABLE: Final = (
    "POST /v1/spaces/{space}/requests",
    "POST /v1/uploads",
    "POST /v1/uploads/{upload_id}/{step}",
)
"""The most expensive calls that need no sign-in."""
WAIT_PATHS: Final = ("/v1/spaces/{space}/requests/{request_id}/wait",)
"""Calls that last: a function of their own, so that they take nothing from the others."""
SIGNED_IN_PATHS: Final = ("/v1/me", "/v1/me/{proxy+}")
ADMINISTRATION_PATHS: Final = ("/v1/admin/{proxy+}",)
"""The function checks that the caller is an administrator."""
EVERYBODY_PATHS: Final = ("/v1/{proxy+}",)
"""Public spaces need no sign-in. The function checks API keys and unguessable ids."""

_MOST_SPECIFIC_FIRST: Final = (
    *FLOODABLE,
    *(
        f"ANY {path}"
        for path in (*WAIT_PATHS, *SIGNED_IN_PATHS, *ADMINISTRATION_PATHS, *EVERYBODY_PATHS)
    ),
)
_REST: Final = "{proxy+}"


def route_key_of(method: str, path: str) -> str | None:
    """Return the key of the route to which a call belongs; None if there is none.

    Args:
        method: The method of the call.
        path: Its path, decoded.
    """
    for key in _MOST_SPECIFIC_FIRST:
        wanted, pattern = key.split(" ")
        if wanted in ("ANY", method) and _matches(pattern.split("/"), path.split("/")):
            return key
    return None


def _matches(pattern: list[str], path: list[str]) -> bool:
    if pattern[-1] == _REST:
        start = pattern[:-1]
        return path[: len(start)] == start and any(path[len(start) :])
    return len(pattern) == len(path) and all(
        part != "" if wanted.startswith("{") else part == wanted
        for wanted, part in zip(pattern, path, strict=True)
    )
