"""What attackers send, and what each gets; docs/attacks.md."""

import os
from collections.abc import Iterator, Mapping
from secrets import token_hex

import httpx
import pytest

from infra.local.people import create_person
from infra.project import PROJECT_FOLDER
from tests.local.support.access_matrix import bearer, seen
from tests.local.support.attacks import GROUPS, Ground
from tests.local.support.forged_tokens import ALMOST_ADMINISTRATORS, FORGERIES, Forger
from tests.local.support.sign_in import sign_in
from tests.local_cloud import DeployedCloud

pytestmark = pytest.mark.local

DOCUMENT = PROJECT_FOLDER / "docs" / "attacks.md"
HEAD = """# Attacks

What attackers sent to the deployed gateway, with IAM enforced, and what each got. Written by \
`tests/local/test_access_attacks.py`, which fails if anything differs; \
`UPDATE_ATTACKS=1 pytest tests/local/test_access_attacks.py` writes it again. What workers and \
model output may try is in `tests/local/test_socket.py`, `tests/local/test_worker_tokens.py` and \
`tests/browser/request/test_hostile_answers.py`.
"""
FORGED = "Forged access tokens, for /v1/admin/spaces"
ALMOST = "Good access tokens of almost administrators, for /v1/admin/spaces"


@pytest.fixture(scope="module")
def api(deployed_cloud: DeployedCloud) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=deployed_cloud.api_url, trust_env=False, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def user_token(deployed_cloud: DeployedCloud) -> str:
    person = create_person(deployed_cloud.cloud, f"attacker-{token_hex(3)}")
    return sign_in(deployed_cloud, person).access


@pytest.fixture(scope="module")
def administrator(deployed_cloud: DeployedCloud) -> dict[str, str]:
    name = f"admin-{token_hex(3)}"
    person = create_person(deployed_cloud.cloud, name, administrator=True)
    return dict(bearer(sign_in(deployed_cloud, person).access))


@pytest.fixture(scope="module")
def ground(api: httpx.Client, user_token: str, administrator: dict[str, str]) -> Ground:
    def create(path: str, body: Mapping[str, object]) -> dict[str, str]:
        answer = api.post(f"/v1/admin/{path}", json=body, headers=administrator)
        assert answer.status_code == 201, answer.text
        created: dict[str, str] = answer.json()
        return created

    def space(visibility: str) -> str:
        name = f"attacked-{visibility}-{token_hex(3)}"
        limits = dict.fromkeys(("requests_per_minute", "max_waiting", "upload_bytes_per_day"))
        settings: dict[str, object] = {
            "space": name,
            "title": name,
            "visibility": visibility,
            "members": [],
        }
        settings |= {"features": ["prompt", "image"], "anonymous_limits": limits}
        return create("spaces", settings)["space"]

    def key_of(space: str) -> dict[str, str]:
        return create("keys", {"spaces": [space], "label": "attacker"})

    def ended(**changes: str) -> str:
        made = key_of(public)
        for method, action in changes.items():
            path = f"/v1/admin/keys/{made['key_id']}{action}"
            body = {"overlap_hours": 0} if action else None
            answer = api.request(method, path, json=body, headers=administrator)
            assert answer.is_success, answer.text
        return made["key"]

    public, private, again = space("public"), space("private"), space("public")
    spent = {"revoked": ended(delete=""), "replaced": ended(post="/rotate")}
    spent["worker token"] = create("tokens", {"spaces": [public]})["token"]
    spent["orphaned"] = key_of(again)["key"]
    path = f"/v1/admin/spaces/{again}?version=1"
    assert api.delete(path, headers=administrator).json()["left"] == 0
    create("spaces", {"space": again})
    key = key_of(public)["key"]

    def submitted() -> str:
        path, body = f"/v1/me/spaces/{private}/requests", {"input": {"prompt": "Secret."}}
        request_id: str = api.post(path, json=body, headers=administrator).json()["request_id"]
        return request_id

    request_id, deleted = submitted(), submitted()
    api.put(f"/v1/spaces/{private}/requests/{deleted}/cancel")
    assert api.delete(f"/v1/me/requests/{deleted}", headers=administrator).status_code == 204
    return Ground(
        api=api,
        public=public,
        private=private,
        request_id=request_id,
        user=bearer(user_token),
        key=bearer(key),
        spent=spent,
        deleted=deleted,
    )


@pytest.fixture(scope="module")
def got(
    ground: Ground, deployed_cloud: DeployedCloud, user_token: str
) -> Mapping[str, Mapping[str, str]]:
    """What each attack got, by group and attack."""
    forger = Forger.of(deployed_cloud, user_token)
    forged = {
        name: seen(ground.api.get("/v1/admin/spaces", headers=dict(bearer(forge(forger)))))
        for name, forge in FORGERIES.items()
    }
    almost = {
        name: seen(
            ground.api.get(
                "/v1/admin/spaces",
                headers=dict(bearer(forger.signed(forger.claims(**{"cognito:groups": groups})))),
            )
        )
        for name, groups in ALMOST_ADMINISTRATORS.items()
    }
    by_group = {
        group: {name: attack(ground) for name, attack in attacks.items()}
        for group, attacks in GROUPS.items()
    }
    return {FORGED: forged, ALMOST: almost, **by_group}


def test_the_forger_could_make_a_token_that_passes(
    ground: Ground, deployed_cloud: DeployedCloud, user_token: str
) -> None:
    """Otherwise all of its tokens might be refused for a reason of their own."""
    forger = Forger.of(deployed_cloud, user_token)

    passed = ground.api.get(
        "/v1/admin/spaces", headers=dict(bearer(forger.signed(forger.claims())))
    )

    assert passed.status_code == 200


@pytest.mark.parametrize("name", FORGERIES)
def test_no_forged_token_gets_past_api_gateway(
    name: str, got: Mapping[str, Mapping[str, str]]
) -> None:
    assert got[FORGED][name] in {"401 by API Gateway", "403 by API Gateway"}


@pytest.mark.parametrize("name", ALMOST_ADMINISTRATORS)
def test_who_is_almost_an_administrator_is_none(
    name: str, got: Mapping[str, Mapping[str, str]]
) -> None:
    assert got[ALMOST][name] == "403 not_allowed"


@pytest.mark.parametrize(
    ("group", "name"), [(group, name) for group, attacks in GROUPS.items() for name in attacks]
)
def test_an_attack_gets_a_refusal_and_breaks_nothing(
    group: str, name: str, got: Mapping[str, Mapping[str, str]]
) -> None:
    assert got[group][name].startswith("4")


def test_the_document_says_what_was_seen(got: Mapping[str, Mapping[str, str]]) -> None:
    tables = (
        "\n".join(
            [
                f"## {group}\n",
                "| attack | got |",
                "|---|---|",
                *(f"| {name.replace('|', '¦')} | {answer} |" for name, answer in attacks.items()),
                "",
            ]
        )
        for group, attacks in got.items()
    )
    document = "\n".join([HEAD, *tables])
    if os.environ.get("UPDATE_ATTACKS"):
        DOCUMENT.write_text(document, "utf-8")

    assert DOCUMENT.read_text("utf-8") == document
