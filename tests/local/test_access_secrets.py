"""No secret is in what the functions wrote, nor in the audit trail."""

import json
from secrets import token_hex
from typing import Any

import httpx
import pytest

from infra.local.people import create_person
from infra.local.status import LocalSpace
from tests.local.support.access_matrix import bearer
from tests.local.support.connections import dial
from tests.local.support.sign_in import sign_in
from tests.local_cloud import DeployedCloud, secrets_in

pytestmark = pytest.mark.local

WORDS = f"only-{token_hex(8)}-for-the-worker"
ANSWER = f"only-{token_hex(8)}-for-the-asker"


@pytest.fixture(scope="module")
def secrets_used(deployed_cloud: DeployedCloud) -> list[str]:
    """A run through everything that has to do with secrets; returns them all."""
    person = create_person(deployed_cloud.cloud, f"admin-{token_hex(3)}", administrator=True)
    tokens = sign_in(deployed_cloud, person)
    space = f"secrets-{token_hex(3)}"
    with httpx.Client(
        base_url=deployed_cloud.api_url, trust_env=False, timeout=30, headers=bearer(tokens.access)
    ) as api:
        api.post("/v1/admin/spaces", json={"space": space, "features": ["prompt", "image"]})
        wanted = {"spaces": [space], "label": "secrets"}
        token = api.post("/v1/admin/tokens", json=wanted).json()
        key = api.post("/v1/admin/keys", json=wanted).json()
        rotated = api.post(f"/v1/admin/tokens/{token['token_id']}/rotate", json={}).json()
        upload = {"space": space, "name": "a.png", "content_type": "image/png", "size": 9}
        signed = api.post("/v1/me/uploads", json=upload).json()
        _ask_and_answer(deployed_cloud, LocalSpace(space=space, worker_token=token["token"]), api)
        with_key = {**bearer(key["key"])}
        httpx.get(f"{api.base_url}/v1/spaces/{space}", headers=with_key, trust_env=False)
        api.delete(f"/v1/admin/keys/{key['key_id']}")
        trail = api.get("/v1/admin/audit").text
    return [
        *(person.password, tokens.access, tokens.identity, tokens.refresh),
        *(token["token"], rotated["token"], key["key"], WORDS, ANSWER, _signature(signed)),
        trail,
    ]


def _signature(signed: dict[str, Any]) -> str:
    return str(
        next(value for name, value in signed["fields"].items() if "signature" in name.lower())
    )


def _ask_and_answer(cloud: DeployedCloud, space: LocalSpace, api: httpx.Client) -> None:
    with dial(cloud, space) as link:
        link.register(space.space)
        api.post(f"/v1/me/spaces/{space.space}/requests", json={"input": {"prompt": WORDS}})
        request = link.hear()
        link.ask(
            {
                "action": "result",
                "request_id": request["request_id"],
                "attempt": request["attempt"],
                "status": "completed",
                "output": {"text": ANSWER},
            }
        )


def test_what_was_used_is_in_no_log(secrets_used: list[str], deployed_cloud: DeployedCloud) -> None:
    *used, _ = secrets_used
    written = deployed_cloud.whole_log()

    assert "secrets" in written  # something was written of this run
    assert not [secret for secret in used if secret in written]


def test_nothing_that_looks_like_a_secret_is_in_the_logs(
    secrets_used: list[str], deployed_cloud: DeployedCloud
) -> None:
    assert not secrets_in(deployed_cloud.whole_log())


def test_the_audit_trail_names_what_was_made_and_no_secret(secrets_used: list[str]) -> None:
    *used, trail = secrets_used

    assert {"entries"} <= json.loads(trail).keys()
    assert "secrets-" in trail
    assert not [secret for secret in used if secret in trail]
    assert not secrets_in(trail)


@pytest.mark.parametrize(
    "text",
    [
        "wst_" + "a" * 43,
        "wsk_" + "b" * 43,
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
        "https://bucket/key?X-Amz-Signature=0123456789abcdef",
    ],
)
def test_a_secret_would_be_noticed(text: str) -> None:
    assert secrets_in(f"10:00 api {text} more")
