"""Signs in as a browser does: authorization code with PKCE on the sign-in pages."""

import base64
import hashlib
import json
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlsplit

import httpx

from infra.local.status import LocalPerson
from tests.local_cloud import DeployedCloud


@dataclass(frozen=True)
class Tokens:
    """What Cognito gave."""

    access: str
    identity: str
    refresh: str


def http() -> httpx.Client:
    return httpx.Client(trust_env=False, timeout=30)


def page_config(cloud: DeployedCloud) -> dict[str, Any]:
    """Return what the page is told, asked for as a browser does, which resolves *.localhost."""
    host = urlsplit(cloud.page_url).netloc
    with http() as client:
        answer = client.get(f"{cloud.cloud.emulator_url}/config.json", headers={"Host": host})
    config: dict[str, Any] = answer.json()
    return config


def sign_in(cloud: DeployedCloud, person: LocalPerson) -> Tokens:
    """Return the tokens of a person.

    Raises:
        PermissionError: the sign-in pages did not let them in.
    """
    auth = page_config(cloud)["auth"]
    verifier = token_urlsafe(48)
    asked = _asked(auth, f"{cloud.page_url}signed-in.html", verifier)
    with http() as client:
        code = _code(client, cloud, asked, person)
        answer = client.post(
            auth["endpoints"]["token"],
            data={
                "grant_type": "authorization_code",
                "client_id": auth["client_id"],
                "code": code,
                "redirect_uri": asked["redirect_uri"],
                "code_verifier": verifier,
            },
        )
    answer.raise_for_status()
    given = answer.json()
    return Tokens(given["access_token"], given["id_token"], given["refresh_token"])


def _asked(auth: dict[str, Any], redirect_uri: str, verifier: str) -> dict[str, str]:
    digest = hashlib.sha256(verifier.encode()).digest()
    return {
        "client_id": auth["client_id"],
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "scope": auth["scope"],
        "state": "any",
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }


def _code(
    client: httpx.Client, cloud: DeployedCloud, asked: dict[str, str], person: LocalPerson
) -> str:
    form = {**asked, "username": person.name, "password": person.password}
    answer = client.post(f"{cloud.cloud.emulator_url}/login", data=form)
    if answer.status_code != httpx.codes.FOUND:
        raise PermissionError(answer.text)
    return str(httpx.URL(answer.headers["location"]).params["code"])


def claims_of(token: str) -> dict[str, Any]:
    """Return what a token says, unchecked."""
    part = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return claims
