"""Sign-in: who gets an account, how, for how long, and that nobody pays for it while idle."""

from typing import Any

import pytest

from tests.infra.conftest import Synthesize
from tests.infra.templates import Template, as_text


def pool(template: Template) -> dict[str, Any]:
    (properties,) = template.properties("AWS::Cognito::UserPool")
    return properties


def page(template: Template) -> dict[str, Any]:
    (properties,) = (
        each for each in template.properties("AWS::Cognito::UserPoolClient") if is_page(each)
    )
    return properties


def is_page(client: dict[str, Any]) -> bool:
    return bool(client.get("CallbackURLs"))


def test_people_are_invited(prod: Template) -> None:
    assert pool(prod)["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True


def test_a_stage_may_let_people_sign_up(synthesize: Synthesize) -> None:
    open_pool = pool(synthesize("dev", self_sign_up=True))

    assert open_pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is False


def test_a_stage_may_demand_a_second_factor_that_costs_nothing(synthesize: Synthesize) -> None:
    careful = pool(synthesize("dev", require_mfa=True))

    assert careful["MfaConfiguration"] == "ON"
    assert careful["EnabledMfas"] == ["SOFTWARE_TOKEN_MFA"]


@pytest.mark.parametrize(("stage", "kept"), [("prod", "Retain"), ("dev", "Delete")])
def test_people_are_kept_where_data_is(stage: str, kept: str, synthesize: Synthesize) -> None:
    (resource,) = synthesize(stage).of_type("AWS::Cognito::UserPool").values()

    assert resource["DeletionPolicy"] == kept
    assert (resource["Properties"].get("DeletionProtection") == "ACTIVE") is (kept == "Retain")


def test_nobody_signs_in_nothing_to_pay(prod: Template) -> None:
    assert pool(prod)["UserPoolTier"] == "ESSENTIALS"
    assert "UserPoolAddOns" not in pool(prod)  # threat protection is the Plus plan
    for client in prod.properties("AWS::Cognito::UserPoolClient"):
        assert "client_credentials" not in client.get("AllowedOAuthFlows", [])
    for domain in prod.properties("AWS::Cognito::UserPoolDomain"):
        assert "CustomDomainConfig" not in domain


def test_the_page_signs_in_by_code_and_holds_no_secret(prod: Template) -> None:
    assert page(prod)["AllowedOAuthFlows"] == ["code"]
    assert page(prod)["GenerateSecret"] is False
    assert page(prod)["AllowedOAuthScopes"] == ["openid", "profile"]
    (address,) = page(prod)["CallbackURLs"]
    assert as_text(address).startswith("https://<SiteDistribution")
    assert as_text(address).endswith("/signed-in.html")


def test_tokens_are_short_and_can_be_ended(prod: Template) -> None:
    assert page(prod)["AccessTokenValidity"] <= 15
    assert page(prod)["TokenValidityUnits"]["AccessToken"] == "minutes"
    assert page(prod)["EnableTokenRevocation"] is True
    assert page(prod)["RefreshTokenRotation"]["Feature"] == "ENABLED"
    # Rotation and renewal without it exclude each other.
    assert "ALLOW_REFRESH_TOKEN_AUTH" not in page(prod)["ExplicitAuthFlows"]


def test_who_tries_names_learns_nothing(prod: Template) -> None:
    assert page(prod)["PreventUserExistenceErrors"] == "ENABLED"


def test_the_sign_in_pages_have_a_look(prod: Template) -> None:
    (look,) = prod.properties("AWS::Cognito::ManagedLoginBranding")
    (domain,) = prod.properties("AWS::Cognito::UserPoolDomain")

    assert look["UseCognitoProvidedValues"] is True
    assert domain["ManagedLoginVersion"] == 2


def test_administrators_are_a_group(prod: Template) -> None:
    (group,) = prod.properties("AWS::Cognito::UserPoolGroup")

    assert group["GroupName"] == "admins"


def test_the_client_that_the_edge_key_comes_from_can_do_nothing(prod: Template) -> None:
    (client,) = (
        each for each in prod.properties("AWS::Cognito::UserPoolClient") if not is_page(each)
    )

    assert client["GenerateSecret"] is True
    assert client["AllowedOAuthFlowsUserPoolClient"] is False
    assert client["ExplicitAuthFlows"] == ["ALLOW_REFRESH_TOKEN_AUTH"]
