"""Signing in on the deployed gateway, and what each kind of token opens."""

from secrets import token_hex
from urllib.parse import urlsplit

import httpx
import pytest

from infra.local.people import create_person, user_pool
from infra.local.status import LocalPerson
from tests.local.support.sign_in import Tokens, claims_of, http, page_config, sign_in
from tests.local_cloud import DeployedCloud

pytestmark = pytest.mark.local


@pytest.fixture(scope="module")
def person(deployed_cloud: DeployedCloud) -> LocalPerson:
    return create_person(deployed_cloud.cloud, f"user-{token_hex(3)}")


@pytest.fixture(scope="module")
def administrator(deployed_cloud: DeployedCloud) -> LocalPerson:
    return create_person(deployed_cloud.cloud, f"admin-{token_hex(3)}", administrator=True)


@pytest.fixture(scope="module")
def tokens(deployed_cloud: DeployedCloud, person: LocalPerson) -> Tokens:
    return sign_in(deployed_cloud, person)


def get(cloud: DeployedCloud, path: str, token: str | None = None) -> httpx.Response:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    with http() as client:
        return client.get(f"{cloud.api_url}{path}", headers=headers)


def test_the_page_is_told_where_to_sign_in(deployed_cloud: DeployedCloud) -> None:
    config = page_config(deployed_cloud)

    assert config["api_url"] == deployed_cloud.api_url
    assert config["socket_url"] == deployed_cloud.socket_url
    assert config["auth"]["authority"].startswith("https://cognito-idp.")
    assert urlsplit(config["auth"]["endpoints"]["token"]).path == "/oauth2/token"


def test_who_signed_in_is_known_by_name(
    deployed_cloud: DeployedCloud, person: LocalPerson, tokens: Tokens
) -> None:
    me = get(deployed_cloud, "/v1/me", tokens.access)

    assert me.status_code == 200
    assert me.json() == {"user": person.name, "groups": [], "admin": False}


def test_an_administrator_is_known_by_the_group(
    deployed_cloud: DeployedCloud, administrator: LocalPerson
) -> None:
    access = sign_in(deployed_cloud, administrator).access

    me = get(deployed_cloud, "/v1/me", access)
    spaces = get(deployed_cloud, "/v1/admin/spaces", access)

    assert me.json() == {"user": administrator.name, "groups": ["admins"], "admin": True}
    assert spaces.status_code == 200


def test_a_user_does_not_administer(deployed_cloud: DeployedCloud, tokens: Tokens) -> None:
    refused = get(deployed_cloud, "/v1/admin/spaces", tokens.access)

    assert refused.status_code == 403
    assert refused.json()["error_type"] == "not_allowed"


@pytest.mark.parametrize("path", ["/v1/me", "/v1/me/spaces", "/v1/admin/spaces"])
def test_an_id_token_is_no_access_token(
    path: str, deployed_cloud: DeployedCloud, tokens: Tokens
) -> None:
    assert get(deployed_cloud, path, tokens.identity).status_code in {401, 403}


def test_tokens_come_on_the_origin_of_the_page_too(
    deployed_cloud: DeployedCloud, tokens: Tokens
) -> None:
    """CloudFront hands ``Authorization`` on."""
    host = urlsplit(deployed_cloud.page_url).netloc
    headers = {"Host": host, "Authorization": f"Bearer {tokens.access}"}

    with http() as client:
        me = client.get(f"{deployed_cloud.cloud.emulator_url}/v1/me", headers=headers)

    assert me.status_code == 200


def test_tokens_are_short_and_name_no_address(tokens: Tokens) -> None:
    claims = claims_of(tokens.access)

    assert claims["exp"] - claims["iat"] <= 15 * 60
    assert claims["scope"] == "openid profile"
    assert "email" not in claims


def test_a_wrong_password_gets_no_code(deployed_cloud: DeployedCloud, person: LocalPerson) -> None:
    wrong = LocalPerson(name=person.name, password="Wrong-1-wrong-2", administrator=False)

    with pytest.raises(PermissionError):
        sign_in(deployed_cloud, wrong)


def test_a_code_goes_to_the_page_and_nowhere_else(deployed_cloud: DeployedCloud) -> None:
    auth = page_config(deployed_cloud)["auth"]
    asked = {
        "client_id": auth["client_id"],
        "redirect_uri": "https://elsewhere.example/signed-in.html",
        "response_type": "code",
        "scope": "openid",
    }

    with http() as client:
        answer = client.get(auth["endpoints"]["authorization"], params=asked)

    assert answer.status_code == 400
    assert "location" not in answer.headers


def test_who_was_shut_out_does_not_come_back(deployed_cloud: DeployedCloud) -> None:
    leaving = create_person(deployed_cloud.cloud, f"leaving-{token_hex(3)}")
    auth = page_config(deployed_cloud)["auth"]
    refresh = sign_in(deployed_cloud, leaving).refresh

    user_pool(deployed_cloud.cloud).disable(leaving.name)

    renewal = {"grant_type": "refresh_token", "client_id": auth["client_id"]}
    with http() as client:
        renewed = client.post(
            auth["endpoints"]["token"], data={**renewal, "refresh_token": refresh}
        )
    assert renewed.status_code == 400
    with pytest.raises(PermissionError):
        sign_in(deployed_cloud, leaving)
