"""What is asked of the admin function."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args
from urllib.parse import quote

from infra.admin.calls import Admin, Answer

Field = str | float | bool | list[str] | dict[str, None] | None
"""A field of a space; None is null, which lifts a limit."""
Secret = Literal["token", "key"]
"""What lets in a worker, or a program."""
SECRETS: tuple[Secret, ...] = get_args(Secret)


def create_space(admin: Admin, space: str, **fields: Field) -> Answer:
    """Create a space; fields that are left out take the gateway's defaults.

    Raises:
        Refused: the gateway did not create it.
    """
    return admin("POST", "/spaces", {"space": space, **fields})


def edit_space(admin: Admin, space: str, **fields: Field) -> Answer:
    """Change fields of a space; those that are left out stay.

    Raises:
        Refused: the gateway did not change it, for example because somebody else just did.
    """
    current = admin("GET", f"/spaces/{quote(space)}")
    return admin("PUT", f"/spaces/{quote(space)}", {**current, **fields})


def delete_space(admin: Admin, space: str) -> int:
    """Delete a space and return how many requests were cancelled with it.

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
    """Create a worker token or an API key; the answer is the only place that shows it.

    Args:
        admin: the admin function.
        kind: which of the two.
        spaces: what it opens.
        label: who or what uses it.
        expires_in_days: None if it never ends.
        limits: of a key; None lifts one, those that are left out are the gateway's usual ones.

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
    """Create a worker token for spaces and return it; it is not stored anywhere else.

    Raises:
        Refused: the gateway did not create it.
    """
    answer = create_secret(admin, "token", spaces, label=label, expires_in_days=expires_in_days)
    return str(answer["token"])


def rotate_secret(admin: Admin, kind: Secret, secret_id: str, overlap_hours: int) -> Answer:
    """Replace a token or key; the old one is good for the overlap.

    Raises:
        Refused: the gateway did not do it.
    """
    body = {"overlap_hours": overlap_hours}
    return admin("POST", f"/{kind}s/{quote(secret_id)}/rotate", body)


def revoke_secret(admin: Admin, kind: Secret, secret_id: str) -> Answer:
    """End a token or key at once, with the links that came by it.

    Raises:
        Refused: the gateway did not do it.
    """
    return admin("DELETE", f"/{kind}s/{quote(secret_id)}")


def listed(admin: Admin, what: str) -> Iterator[Answer]:
    """Yield all entries of a list, page after page.

    Args:
        admin: the admin function.
        what: ``spaces``, ``tokens``, ``keys`` or ``workers``; names path and field.

    Raises:
        Refused: the gateway did not answer.
    """
    query: dict[str, str] = {}
    while True:
        answer = admin("GET", f"/{what}", query=query)
        yield from answer[what]
        if not answer.get("next_cursor"):
            return
        query = {"cursor": answer["next_cursor"]}
