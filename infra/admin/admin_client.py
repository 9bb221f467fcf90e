"""Calls of the administration API, one function each."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args
from urllib.parse import quote

from infra.admin.calls import Admin, Answer

Field = str | float | bool | list[str] | list[dict[str, str]] | Mapping[str, int | None] | None
"""The value of a space's field; None is null, which removes a limit."""
Secret = Literal["token", "key"]
"""A worker token or an API key."""
SECRETS: tuple[Secret, ...] = get_args(Secret)


def create_space(admin: Admin, space: str, **fields: Field) -> Answer:
    """Create a space. Omitted fields take the gateway's defaults.

    Raises:
        Refused: the gateway did not create it.
    """
    return admin("POST", "/spaces", {"space": space, **fields})


def edit_space(admin: Admin, space: str, **fields: Field) -> Answer:
    """Change fields of a space. Omitted fields stay as they are.

    Raises:
        Refused: the gateway did not change it, for example after a concurrent change.
    """
    current = admin("GET", f"/spaces/{quote(space)}")
    return admin("PUT", f"/spaces/{quote(space)}", {**current, **fields})


def delete_space(admin: Admin, space: str) -> int:
    """Delete a space and return the number of requests that were cancelled.

    Raises:
        Refused: the gateway did not delete it.
    """
    version = admin("GET", f"/spaces/{quote(space)}")["version"]
    cancelled = 0
    while True:
        answer = admin("DELETE", f"/spaces/{quote(space)}", query={"version": str(version)})
        cancelled += int(answer["cancelled"])
        if not answer.get("left"):
            return cancelled


def create_secret(
    admin: Admin,
    kind: Secret,
    spaces: list[str],
    *,
    label: str | None = None,
    expires_in_days: int | None = None,
    limits: Mapping[str, int | None] | None = None,
) -> Answer:
    """Create a worker token or an API key. Only this response contains the secret.

    Args:
        admin: calls the admin function.
        kind: token or key.
        spaces: the spaces it gives access to.
        label: who or what uses it.
        expires_in_days: None if it never expires.
        limits: limits of a key. None removes a limit; omitted limits take the defaults.

    Raises:
        Refused: the gateway did not create it.
    """
    wanted: dict[str, Any] = {"spaces": spaces, "label": label or ""}
    if limits:
        wanted["limits"] = dict(limits)
    if expires_in_days is not None:
        wanted["expires_in_days"] = expires_in_days
    return admin("POST", f"/{kind}s", wanted)


def create_token(
    admin: Admin, spaces: list[str], *, label: str | None = None, expires_in_days: int | None = None
) -> str:
    """Create a worker token and return it. The gateway stores only its hash.

    Raises:
        Refused: the gateway did not create it.
    """
    answer = create_secret(admin, "token", spaces, label=label, expires_in_days=expires_in_days)
    return str(answer["token"])


def rotate_secret(admin: Admin, kind: Secret, secret_id: str, overlap_hours: int) -> Answer:
    """Replace a token or key. The old one stays valid during the overlap.

    Raises:
        Refused: the gateway rejected the call.
    """
    body = {"overlap_hours": overlap_hours}
    return admin("POST", f"/{kind}s/{quote(secret_id)}/rotate", body)


def revoke_secret(admin: Admin, kind: Secret, secret_id: str) -> Answer:
    """Revoke a token or key and close the connections opened with it.

    Raises:
        Refused: the gateway rejected the call.
    """
    return admin("DELETE", f"/{kind}s/{quote(secret_id)}")


def listed(admin: Admin, what: str) -> Iterator[Answer]:
    """Yield all entries of a list, fetching page after page.

    Args:
        admin: calls the admin function.
        what: ``spaces``, ``tokens``, ``keys`` or ``workers``; both the path and the field.

    Raises:
        Refused: the gateway rejected the call.
    """
    query: dict[str, str] = {}
    while True:
        answer = admin("GET", f"/{what}", query=query)
        yield from answer[what]
        if not answer.get("next_cursor"):
            return
        query = {"cursor": answer["next_cursor"]}
