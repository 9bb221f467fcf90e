"""Who may do what: every role tries every action on spaces of every visibility."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import httpx

VISIBILITIES = ("public", "members", "private")
PERMITTED = 400
"""Statuses from here on are refusals."""


@dataclass(frozen=True, kw_only=True)
class Role:
    """Somebody who calls.

    Attributes:
        name: as the document calls them.
        paths: where their own paths begin.
        headers: what they send along.
    """

    name: str
    paths: str = "/v1"
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def signed_in(self) -> bool:
        return self.paths == "/v1/me"


def bearer(token: str) -> Mapping[str, str]:
    return MappingProxyType({"Authorization": f"Bearer {token}"})


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Where the roles act.

    Attributes:
        api: the deployed REST API.
        spaces: by visibility; the private one names one user.
        submit_as_owner: submits to a space as a person who does nothing else, and gives the
            request's id.
        begin_as_owner: begins a file in parts likewise, and gives the upload's id and S3's.
    """

    api: httpx.Client
    spaces: Mapping[str, str]
    submit_as_owner: Callable[[str], str]
    begin_as_owner: Callable[[str], tuple[str, str]]

    def call(self, role: Role, method: str, path: str, body: Any = None) -> httpx.Response:
        return self.api.request(method, path, headers=dict(role.headers), json=body)


Action = Callable[[Scene, Role, str], str]


def seen(answer: httpx.Response) -> str:
    """Return what an answer says, without what differs from run to run."""
    if answer.status_code < PERMITTED:
        return str(answer.status_code)
    is_json = answer.headers.get("content-type", "").startswith("application/json")
    kind = answer.json().get("error_type") if is_json and answer.content else None
    return f"{answer.status_code} {kind or 'by API Gateway'}"


def permitted(cell: str) -> bool:
    return cell == "yes" or cell.startswith("2")


def find(scene: Scene, role: Role, space: str) -> str:
    listed = scene.call(role, "GET", f"{role.paths}/spaces")
    if listed.status_code >= PERMITTED:
        return seen(listed)
    return "yes" if space in {each["space"] for each in listed.json()["spaces"]} else "no"


def see(scene: Scene, role: Role, space: str) -> str:
    return seen(scene.call(role, "GET", f"{role.paths}/spaces/{space}"))


def submit(scene: Scene, role: Role, space: str) -> str:
    body = {"input": {"prompt": "May I?"}}
    return seen(scene.call(role, "POST", f"{role.paths}/spaces/{space}/requests", body))


def upload(scene: Scene, role: Role, space: str) -> str:
    body = {"space": space, "name": "a.png", "content_type": "image/png", "size": 9}
    return seen(scene.call(role, "POST", f"{role.paths}/uploads", body))


def list_parts(scene: Scene, role: Role, space: str) -> str:
    return _step(scene, role, space, "parts")


def complete(scene: Scene, role: Role, space: str) -> str:
    return _step(scene, role, space, "complete")


def give_up(scene: Scene, role: Role, space: str) -> str:
    return _step(scene, role, space, "abort")


def _step(scene: Scene, role: Role, space: str, step: str) -> str:
    upload_id, multipart_id = scene.begin_as_owner(space)
    body = {"space": space, "multipart_id": multipart_id}
    return seen(scene.call(role, "POST", f"{role.paths}/uploads/{upload_id}/{step}", body))


def follow(scene: Scene, role: Role, space: str) -> str:
    request_id = scene.submit_as_owner(space)
    path = f"/v1/spaces/{space}/requests/{request_id}/status"
    return seen(scene.call(_by_id(role), "GET", path))


def cancel(scene: Scene, role: Role, space: str) -> str:
    request_id = scene.submit_as_owner(space)
    path = f"/v1/spaces/{space}/requests/{request_id}/cancel"
    return seen(scene.call(_by_id(role), "PUT", path))


def guess(scene: Scene, role: Role, space: str) -> str:
    request_id = scene.submit_as_owner(space)
    other = request_id[:-4] + ("aaaa" if request_id[-4:] != "aaaa" else "bbbb")
    path = f"/v1/spaces/{space}/requests/{other}/status"
    return seen(scene.call(_by_id(role), "GET", path))


def delete(scene: Scene, role: Role, space: str) -> str:
    request_id = scene.submit_as_owner(space)
    scene.api.put(f"/v1/spaces/{space}/requests/{request_id}/cancel")
    own = f"/v1/me/requests/{request_id}" if role.signed_in else None
    path = own or f"/v1/spaces/{space}/requests/{request_id}"
    return seen(scene.call(role, "DELETE", path))


def _by_id(role: Role) -> Role:
    # The page calls these without its token: the unguessable id is the key.
    return Role(name=role.name) if role.signed_in else role


USES: Mapping[str, Action] = MappingProxyType(
    {
        "finds it in the list": find,
        "sees it": see,
        "submits to it": submit,
        "begins an upload to it": upload,
        "asks which parts of an upload to it are missing": list_parts,
        "gives up an upload to it in parts": give_up,
    }
)
UNFINISHED = "completes an upload to it of which no part has arrived"
BY_ID: Mapping[str, Action] = MappingProxyType(
    {
        "follows the owner's request, whose id was shared": follow,
        "cancels the owner's request, whose id was shared": cancel,
        "guesses an id": guess,
        "deletes the owner's request, whose id was shared": delete,
    }
)
ACTIONS: Mapping[str, Action] = MappingProxyType({**USES, UNFINISHED: complete, **BY_ID})

Matrix = Mapping[str, Mapping[str, Mapping[str, str]]]
"""By action, role and visibility."""


def try_everything(scene: Scene, roles: list[Role]) -> Matrix:
    return {
        name: {
            role.name: {
                visibility: action(scene, role, space) for visibility, space in scene.spaces.items()
            }
            for role in roles
        }
        for name, action in ACTIONS.items()
    }


HEAD = """# Access matrix

What each role got when it tried each action on the deployed gateway, with IAM enforced. Written \
by `tests/local/test_access_matrix.py`, which fails if anything differs; \
`UPDATE_ACCESS_MATRIX=1 pytest tests/local/test_access_matrix.py` writes it again.

A number is the HTTP status; the word after it the `error_type`. What one may not use answers like \
what does not exist: 404 `unknown_space`. *By API Gateway*: refused before any function ran.

Roles: a **stranger** sends nothing; a **user** has signed in; a **named user** is on the \
private space's list; the **owner of the requests** is on that list, too, and submitted what the \
others act on; a **key of the spaces** names all three in its scope, a **key of another \
space** none of them; a **worker token** is sent as if it were an API key; an **administrator** is \
in the group `admins`, on no list, and owns nothing.
"""


def tables_of(matrix: Matrix) -> str:
    return "\n".join([HEAD, *(_table(action, rows) for action, rows in matrix.items())])


def _table(action: str, rows: Mapping[str, Mapping[str, str]]) -> str:
    lines = [
        f"## … {action}\n",
        f"| role | {' | '.join(VISIBILITIES)} |",
        f"|---|{'---|' * len(VISIBILITIES)}",
        *(
            f"| {role} | {' | '.join(cells[visibility] for visibility in VISIBILITIES)} |"
            for role, cells in rows.items()
        ),
    ]
    return "\n".join(lines) + "\n"
