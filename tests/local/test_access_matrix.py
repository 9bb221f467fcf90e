"""Role by visibility by action, every cell tried on the deployed gateway; docs/access-matrix.md."""

import os
from collections.abc import Iterator, Mapping
from secrets import token_hex

import httpx
import pytest

from infra.local.people import create_person
from infra.local.status import LocalPerson
from infra.project import PROJECT_FOLDER
from spaces_protocol.limits import PARTS_ABOVE_BYTES
from tests.local.support.access_administration import (
    COMMAND_LINE_ONLY,
    TARGETS,
    Administration,
    Office,
    routes,
    table_of,
    try_every_route,
)
from tests.local.support.access_matrix import (
    BY_ID,
    UNFINISHED,
    USES,
    VISIBILITIES,
    Matrix,
    Role,
    Scene,
    bearer,
    permitted,
    tables_of,
    try_everything,
)
from tests.local.support.sign_in import sign_in
from tests.local_cloud import DeployedCloud

pytestmark = pytest.mark.local

DOCUMENT = PROJECT_FOLDER / "docs" / "access-matrix.md"
STRANGER, USER, NAMED = "stranger", "user", "named user"
OWNER, ADMINISTRATOR = "owner of the requests", "administrator"
KEY, OTHER_KEY, WORKER = "key of the spaces", "key of another space", "worker token"
NO_LIMITS = {"requests_per_minute": None, "max_waiting": None, "upload_bytes_per_day": None}


class Stage:
    """Accounts, spaces, keys: what the roles need."""

    def __init__(self, cloud: DeployedCloud, api: httpx.Client) -> None:
        self.cloud, self.api = cloud, api
        self.run = token_hex(3)
        self.administrator = self._person("admin", administrator=True)
        self.named = self._person("named")
        self.owner = self._person("owner")
        self.admin_headers = dict(bearer(sign_in(cloud, self.administrator).access))
        self.owner_headers = dict(bearer(sign_in(cloud, self.owner).access))
        self.spaces = {each: self._space(each) for each in VISIBILITIES}
        self.other_space = self._space("public", "elsewhere")

    def _person(self, name: str, *, administrator: bool = False) -> LocalPerson:
        return create_person(self.cloud.cloud, f"{name}-{self.run}", administrator=administrator)

    def _space(self, visibility: str, name: str | None = None) -> str:
        space = f"matrix-{name or visibility}-{self.run}"
        members = [self.named.name, self.owner.name] if visibility == "private" else []
        settings = {
            "space": space,
            "title": space,
            "visibility": visibility,
            "members": members,
            "features": ["prompt", "image"],
            "user_limits": NO_LIMITS,
            "anonymous_limits": NO_LIMITS,
        }
        self._admin("spaces", settings)
        return space

    def _admin(self, path: str, body: Mapping[str, object]) -> dict[str, str]:
        answer = self.api.post(f"/v1/admin/{path}", json=body, headers=self.admin_headers)
        assert answer.status_code == 201, answer.text
        created: dict[str, str] = answer.json()
        return created

    def _key(self, *spaces: str) -> str:
        body = {"spaces": list(spaces), "label": "matrix", "limits": NO_LIMITS}
        return self._admin("keys", body)["key"]

    def submit_as_owner(self, space: str) -> str:
        answer = self.api.post(
            f"/v1/me/spaces/{space}/requests",
            json={"input": {"prompt": "Mine."}},
            headers=self.owner_headers,
        )
        assert answer.status_code == 202, answer.text
        return str(answer.json()["request_id"])

    def begin_as_owner(self, space: str) -> tuple[str, str]:
        size = PARTS_ABOVE_BYTES + 1
        answer = self.api.post(
            "/v1/me/uploads",
            json={"space": space, "name": "a.png", "content_type": "image/png", "size": size},
            headers=self.owner_headers,
        )
        assert answer.status_code == 201, answer.text
        return answer.json()["upload_id"], answer.json()["multipart"]["multipart_id"]

    def roles(self) -> list[Role]:
        signed_in = {USER: self._person("user"), NAMED: self.named}
        people = {name: sign_in(self.cloud, person).access for name, person in signed_in.items()}
        token = self._admin("tokens", {"spaces": list(self.spaces.values()), "label": "matrix"})
        return [
            Role(name=STRANGER),
            *(
                Role(name=name, paths="/v1/me", headers=bearer(access))
                for name, access in people.items()
            ),
            Role(name=OWNER, paths="/v1/me", headers=self.owner_headers),
            Role(name=KEY, headers=bearer(self._key(*self.spaces.values()))),
            Role(name=OTHER_KEY, headers=bearer(self._key(self.other_space))),
            Role(name=WORKER, headers=bearer(token["token"])),
            Role(name=ADMINISTRATOR, paths="/v1/me", headers=self.admin_headers),
        ]


@pytest.fixture(scope="module")
def seen_by_all(deployed_cloud: DeployedCloud) -> Iterator[tuple[Matrix, Administration]]:
    with httpx.Client(base_url=deployed_cloud.api_url, trust_env=False, timeout=30) as api:
        stage = Stage(deployed_cloud, api)
        scene = Scene(
            api=api,
            spaces=stage.spaces,
            submit_as_owner=stage.submit_as_owner,
            begin_as_owner=stage.begin_as_owner,
        )
        office = Office(cloud=deployed_cloud, scene=scene, headers=stage.admin_headers)
        roles = stage.roles()
        yield try_everything(scene, roles), try_every_route(office, roles)


@pytest.fixture
def matrix(seen_by_all: tuple[Matrix, Administration]) -> Matrix:
    return seen_by_all[0]


@pytest.fixture
def administration(seen_by_all: tuple[Matrix, Administration]) -> Administration:
    return seen_by_all[1]


def may_use(role: str, visibility: str) -> bool:
    """The rule, said a second time: the test compares it with what was seen."""
    everywhere = {NAMED, OWNER, KEY, ADMINISTRATOR}
    by_visibility = {
        "public": {STRANGER, USER, *everywhere},
        "members": {USER, *everywhere},
        "private": everywhere,
    }
    return role in by_visibility[visibility]


@pytest.mark.parametrize("action", USES)
def test_a_space_is_there_for_whom_it_is_meant_and_for_nobody_else(
    action: str, matrix: Matrix
) -> None:
    got = {
        (role, visibility): permitted(cell)
        for role, cells in matrix[action].items()
        for visibility, cell in cells.items()
    }

    assert got == {cell: may_use(*cell) for cell in got}


def test_an_upload_is_completed_by_whom_the_space_is_for_once_its_parts_are_there(
    matrix: Matrix,
) -> None:
    for role, cells in matrix[UNFINISHED].items():
        for visibility, cell in cells.items():
            assert (cell == "409 upload_incomplete") is may_use(role, visibility)


def test_what_one_may_not_use_answers_like_what_does_not_exist(matrix: Matrix) -> None:
    refusals = {
        cell
        for action in set(USES) - {"finds it in the list"}
        for role, cells in matrix[action].items()
        if role != WORKER
        for cell in cells.values()
        if not permitted(cell)
    }

    assert refusals == {"404 unknown_space"}


def test_an_id_opens_one_request_whoever_holds_it_and_nothing_is_guessed(matrix: Matrix) -> None:
    for action, rows in matrix.items():
        cells = {cell for row in rows.values() for cell in row.values()}
        if action.startswith(("follows", "cancels")):
            assert all(permitted(cell) for cell in cells)
        if action == "guesses an id":
            assert cells == {"404 request_not_found"}


def test_nobody_deletes_what_somebody_else_submitted(matrix: Matrix) -> None:
    (action,) = (name for name in BY_ID if name.startswith("deletes"))

    for role, cells in matrix[action].items():
        for cell in cells.values():
            assert permitted(cell) is (role == OWNER)


def test_every_route_of_the_administration_is_tried() -> None:
    assert sorted(TARGETS) == sorted(routes())


@pytest.mark.parametrize("route", routes())
def test_only_administrators_administer(route: str, administration: Administration) -> None:
    allowed = {role for role, cells in administration[route].items() if any(map(permitted, cells))}

    if route in COMMAND_LINE_ONLY:
        assert allowed == set()
        return
    assert allowed == {ADMINISTRATOR}
    assert all(map(permitted, administration[route][ADMINISTRATOR]))


def test_the_document_says_what_was_seen(matrix: Matrix, administration: Administration) -> None:
    document = f"{tables_of(matrix)}\n{table_of(administration)}"
    if os.environ.get("UPDATE_ACCESS_MATRIX"):
        DOCUMENT.write_text(document, "utf-8")

    assert DOCUMENT.read_text("utf-8") == document
