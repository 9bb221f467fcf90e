"""Who may administer: every role tries every route of the administration, as the router has it."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from secrets import token_hex
from types import MappingProxyType
from typing import Any

import httpx

from infra.local.status import LocalSpace
from spaces.handlers import admin
from tests.local.support.access_matrix import Role, Scene, seen
from tests.local.support.connections import dial
from tests.local_cloud import DeployedCloud

PICTURE = bytes.fromhex("89504e470d0a1a0a") + b"not much of a picture"
PICTURE_KIND = MappingProxyType({"content_type": "image/png", "size": len(PICTURE)})


def routes() -> list[str]:
    """Return all routes of the administration, as the function's own router knows them."""
    known = (*admin.app._static_routes, *admin.app._dynamic_routes)
    return sorted((f"{route.method} {route.path}" for route in known), key=_by_path)


def _by_path(route: str) -> tuple[str, str]:
    method, path = route.split(" ")
    return path, method


@dataclass(frozen=True, kw_only=True)
class Office:
    """What an administrator prepares, so that there is something to administer.

    Attributes:
        headers: the administrator's.
        links: closed with the office.
    """

    cloud: DeployedCloud
    scene: Scene
    headers: Mapping[str, str]
    links: ExitStack = field(default_factory=ExitStack)

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.scene.api.request(
            method, f"/v1/admin/{path}", json=body, headers=dict(self.headers)
        )
        assert answer.status_code < httpx.codes.MULTIPLE_CHOICES, answer.text
        return answer.json() if answer.content else None

    def new_space(self, visibility: str) -> str:
        name = f"matrix-{token_hex(4)}"
        self.ask("POST", "spaces", {"space": name, "visibility": visibility})
        return name

    def version(self, space: str) -> int:
        return int(self.ask("GET", f"spaces/{space}")["version"])

    def secret(self, kind: str, space: str) -> str:
        made = self.ask("POST", f"{kind}s", {"spaces": [space], "label": "access matrix"})
        return str(made[f"{kind}_id"])

    def link(self, space: str) -> str:
        """Link a worker by hand and return its connection's id."""
        worker_id = f"matrix-{token_hex(4)}"
        token = self.ask("POST", "tokens", {"spaces": [space], "label": "access matrix"})["token"]
        local = LocalSpace(space=space, worker_token=token)
        self.links.enter_context(dial(self.cloud, local, worker_id)).register(space)
        workers = self.ask("GET", "workers")["workers"]
        return str(next(w["connection_id"] for w in workers if w["worker_id"] == worker_id))

    def picture(self, space: str) -> str:
        """Upload a picture and return the upload's id."""
        form = self.ask("POST", f"spaces/{space}/cover", dict(PICTURE_KIND))
        with httpx.Client(trust_env=False, timeout=30) as client:
            sent = client.post(form["url"], data=form["fields"], files={"file": ("c", PICTURE)})
        assert sent.is_success, sent.text
        return str(form["upload_id"])


@dataclass(frozen=True, kw_only=True)
class Target:
    """What one route is tried on: names of its path, and what is sent."""

    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    body: Any = None
    query: str = ""


Prepare = Callable[[Office, str, str], Target]
"""Makes a target, given a space that is there and its visibility."""


def _nothing(_office: Office, _space: str, _visibility: str) -> Target:
    return Target()


def _space_with(body: Any = None) -> Prepare:
    return lambda _office, space, _visibility: Target(names={"space": space}, body=body)


def _new_space(_office: Office, _space: str, visibility: str) -> Target:
    return Target(body={"space": f"matrix-{token_hex(4)}", "visibility": visibility})


def _edit(office: Office, space: str, _visibility: str) -> Target:
    body = {"version": office.version(space), "description": "Edited."}
    return Target(names={"space": space}, body=body)


def _doomed_space(office: Office, _space: str, visibility: str) -> Target:
    return Target(names={"space": office.new_space(visibility)}, query="?version=1")


def _cover(office: Office, space: str, _visibility: str) -> Target:
    return Target(names={"space": space}, body={"upload_id": office.picture(space)})


def _new_secret(_office: Office, space: str, _visibility: str) -> Target:
    return Target(body={"spaces": [space], "label": "access matrix"})


def _secret(kind: str, body: Any = None) -> Prepare:
    return lambda office, space, _visibility: Target(
        names={f"{kind}_id": office.secret(kind, space)}, body=body
    )


def _link(body: Any = None) -> Prepare:
    return lambda office, _space, visibility: Target(
        names={"connection_id": office.link(office.new_space(visibility))}, body=body
    )


def _request(office: Office, space: str, _visibility: str) -> Target:
    return Target(names={"request_id": office.scene.submit_as_owner(space)})


def _webhook(office: Office, space: str, _visibility: str) -> Target:
    """Return an ended request with a webhook, which nobody receives."""
    key = office.ask("POST", "keys", {"spaces": [space], "label": "webhooks"})["key"]
    accepted = office.scene.api.post(
        f"/v1/spaces/{space}/requests",
        json={"input": {"prompt": "a"}, "webhook": {"url": "http://127.0.0.1:1/"}},
        headers={"Authorization": f"Bearer {key}"},
    )
    request_id = accepted.json()["request_id"]
    office.ask("POST", f"requests/{request_id}/cancel")
    return Target(names={"request_id": request_id})


def _invitation(_office: Office, _space: str, _visibility: str) -> Target:
    name = f"matrix-{token_hex(4)}"
    return Target(body={"user": name, "email": f"{name}@example.org"})


def _person(office: Office, space: str, visibility: str) -> Target:
    invited = _invitation(office, space, visibility).body
    office.ask("POST", "people", invited)
    return Target(body={"user": invited["user"], "action": "disable_user"})


def _note(_office: Office, _space: str, _visibility: str) -> Target:
    return Target(body={"action": "make_administrator", "user": "access-matrix"})


COMMAND_LINE_ONLY = frozenset({"POST /v1/admin/audit/people"})
"""Routes for direct invocations, which by HTTP are not there."""

TARGETS: Mapping[str, Prepare] = MappingProxyType(
    {
        "GET /v1/admin/audit": _nothing,
        "POST /v1/admin/audit/people": _note,
        "GET /v1/admin/keys": _nothing,
        "POST /v1/admin/keys": _new_secret,
        "DELETE /v1/admin/keys/<key_id>": _secret("key"),
        "POST /v1/admin/keys/<key_id>/rotate": _secret("key", {"overlap_hours": 1}),
        "GET /v1/admin/people": _nothing,
        "POST /v1/admin/people": _invitation,
        "POST /v1/admin/people/actions": _person,
        "GET /v1/admin/requests": _nothing,
        "POST /v1/admin/requests/<request_id>/cancel": _request,
        "POST /v1/admin/requests/<request_id>/retry": _request,
        "POST /v1/admin/requests/<request_id>/webhook": _webhook,
        "GET /v1/admin/spaces": _nothing,
        "POST /v1/admin/spaces": _new_space,
        "GET /v1/admin/spaces/<space>": _space_with(),
        "PUT /v1/admin/spaces/<space>": _edit,
        "DELETE /v1/admin/spaces/<space>": _doomed_space,
        "GET /v1/admin/spaces/<space>/activity": _space_with(),
        "POST /v1/admin/spaces/<space>/cover": _space_with(dict(PICTURE_KIND)),
        "PUT /v1/admin/spaces/<space>/cover": _cover,
        "DELETE /v1/admin/spaces/<space>/cover": _space_with(),
        "POST /v1/admin/spaces/<space>/purge": _space_with({"states": ["IN_QUEUE"]}),
        "GET /v1/admin/tokens": _nothing,
        "POST /v1/admin/tokens": _new_secret,
        "DELETE /v1/admin/tokens/<token_id>": _secret("token"),
        "POST /v1/admin/tokens/<token_id>/rotate": _secret("token", {"overlap_hours": 1}),
        "GET /v1/admin/workers": _nothing,
        "POST /v1/admin/workers/<connection_id>/disconnect": _link(),
        "POST /v1/admin/workers/<connection_id>/notice": _link({"text": "Hello."}),
        "POST /v1/admin/workers/<connection_id>/pause": _link(),
        "POST /v1/admin/workers/<connection_id>/resume": _link(),
    }
)
"""What each route is tried on; the administrator, who comes last, finds it as it was prepared."""

Administration = Mapping[str, Mapping[str, frozenset[str]]]
"""By route and role: what was seen on spaces of all visibilities."""


def try_every_route(office: Office, roles: list[Role]) -> Administration:
    tried: dict[str, dict[str, set[str]]] = {
        route: {role.name: set() for role in roles} for route in routes()
    }
    with office.links:
        for route, cells in tried.items():
            for visibility, space in office.scene.spaces.items():
                target = TARGETS[route](office, space, visibility)
                for role in roles:
                    cells[role.name].add(_tried(office.scene, role, route, target))
    return {
        route: {name: frozenset(cells) for name, cells in rows.items()}
        for route, rows in tried.items()
    }


def _tried(scene: Scene, role: Role, route: str, target: Target) -> str:
    method, path = route.split(" ")
    for name, value in target.names.items():
        path = path.replace(f"<{name}>", value)
    return seen(scene.call(role, method, path + target.query, target.body))


HEAD = """## Administration

Every route of the administration, as the function's own router lists them: a route that is not \
tried here fails the test. Each was tried on spaces of every visibility, which makes no difference.
`POST /v1/admin/audit/people` is for direct invocations of the command line; by HTTP it is \
not there.
"""


def table_of(administration: Administration) -> str:
    names = list(next(iter(administration.values())))
    lines = [
        HEAD,
        f"| route | {' | '.join(names)} |",
        f"|---|{'---|' * len(names)}",
        *(
            f"| `{route}` | {' | '.join(' or '.join(sorted(rows[name])) for name in names)} |"
            for route, rows in administration.items()
        ),
    ]
    return "\n".join(lines) + "\n"
