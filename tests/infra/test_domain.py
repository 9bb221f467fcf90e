"""A stage with domains of its own: every place that names an address follows."""

from typing import Any

import pytest

from infra.settings import InvalidSettings, settings_from_context
from tests.infra.conftest import Build, context
from tests.infra.optional_settings import (
    CERTIFICATE,
    DOMAINS,
    PAGE,
    SOCKET,
    SOCKET_CERTIFICATE,
)
from tests.infra.templates import Resource, Template, as_list, as_text


def distribution(template: Template) -> Resource:
    (properties,) = template.properties("AWS::CloudFront::Distribution")
    config: Resource = properties["DistributionConfig"]
    return config


def output(template: Template, name: str) -> str:
    return as_text(template.outputs[name]["Value"])


def test_the_distribution_answers_at_the_domain_with_its_certificate(full: Template) -> None:
    assert distribution(full)["Aliases"] == [PAGE]
    assert distribution(full)["ViewerCertificate"] == {
        "AcmCertificateArn": CERTIFICATE,
        "MinimumProtocolVersion": "TLSv1.2_2021",
        "SslSupportMethod": "sni-only",
    }


def test_without_a_domain_there_is_none(prod: Template) -> None:
    assert {"Aliases", "ViewerCertificate"} & distribution(prod).keys() == set()
    assert prod.of_type("AWS::ApiGatewayV2::DomainName") == {}
    assert not [name for name in prod.outputs if name.endswith("DnsRecord")]


def test_people_come_back_from_sign_in_to_the_domain_and_to_the_old_address(full: Template) -> None:
    (client,) = (
        each for each in full.properties("AWS::Cognito::UserPoolClient") if each.get("CallbackURLs")
    )

    callback, old = (as_text(url) for url in client["CallbackURLs"])
    assert callback == f"https://{PAGE}/signed-in.html"
    assert old.startswith("https://<SiteDistribution")
    assert [as_text(url) for url in client["LogoutURLs"]] == [
        callback.removesuffix("signed-in.html"),
        old.removesuffix("signed-in.html"),
    ]


def test_outputs_name_the_domains(full: Template) -> None:
    assert output(full, "PageUrl") == f"https://{PAGE}/"
    assert output(full, "ApiUrl") == f"https://{PAGE}"
    assert output(full, "SocketUrl") == f"wss://{SOCKET}/v1"


def test_the_records_to_set_are_printed(full: Template) -> None:
    page, socket = output(full, "PageDnsRecord"), output(full, "SocketDnsRecord")

    assert page.startswith(f"{PAGE} CNAME <SiteDistribution")
    assert full.outputs["PageDnsRecord"]["Value"]["Fn::Join"][1][1]["Fn::GetAtt"][1] == "DomainName"
    assert socket.startswith(f"{SOCKET} CNAME <SocketDomain")
    target = full.outputs["SocketDnsRecord"]["Value"]["Fn::Join"][1][1]["Fn::GetAtt"][1]
    assert target == "RegionalDomainName"
    assert full.of_type("AWS::Route53::HostedZone") == {}
    assert full.of_type("AWS::CertificateManager::Certificate") == {}


def test_the_page_is_told_the_domains(full: Template) -> None:
    (file,) = full.files[0].parent.glob("asset.*/config.json")
    text = file.read_text("utf-8")  # with marks that only a deployment fills in

    assert f'"api_url":"https://{PAGE}"' in text
    assert f'"socket_url":"wss://{SOCKET}/v1"' in text


def test_workers_connect_at_their_domain(full: Template) -> None:
    (domain,) = full.properties("AWS::ApiGatewayV2::DomainName")
    (mapping,) = full.properties("AWS::ApiGatewayV2::ApiMapping")
    (api,) = (
        id_
        for id_, each in full.of_type("AWS::ApiGatewayV2::Api").items()
        if each["Properties"]["ProtocolType"] == "WEBSOCKET"
    )

    assert domain["DomainName"] == SOCKET
    (configuration,) = domain["DomainNameConfigurations"]
    assert configuration["CertificateArn"] == SOCKET_CERTIFICATE
    assert configuration["EndpointType"] == "REGIONAL"
    assert mapping["ApiId"] == {"Ref": api}
    assert mapping["ApiMappingKey"] == "v1"


def test_workers_of_before_still_connect_where_they_did(full: Template) -> None:
    assert not [
        api
        for api in full.properties("AWS::ApiGatewayV2::Api")
        if api.get("DisableExecuteApiEndpoint")
    ]


def test_messages_to_workers_do_not_go_through_the_domain(full: Template) -> None:
    endpoints = {
        as_text(each["Environment"]["Variables"]["SOCKET_ENDPOINT"])
        for each in full.properties("AWS::Lambda::Function")
        if "SOCKET_ENDPOINT" in each.get("Environment", {}).get("Variables", {})
    }

    (endpoint,) = endpoints
    assert endpoint.startswith("https://<Sockets")
    assert ".execute-api." in endpoint


def test_commands_for_workers_name_the_domain(full: Template, prod: Template) -> None:
    def url(template: Template) -> str:
        (told,) = (
            as_text(each["Environment"]["Variables"]["SOCKET_URL"])
            for each in template.properties("AWS::Lambda::Function")
            if "SOCKET_URL" in each.get("Environment", {}).get("Variables", {})
        )
        return told

    assert url(full) == f"wss://{SOCKET}/v1"
    assert url(prod).startswith("wss://<Sockets")


def test_scripts_at_the_domain_may_fetch_files(full: Template) -> None:
    (files,) = (
        each for each in full.properties("AWS::S3::Bucket") if each.get("CorsConfiguration")
    )

    allowed = [
        origin
        for rule in files["CorsConfiguration"]["CorsRules"]
        for origin in as_list(rule["AllowedOrigins"])
    ]
    assert {"*", f"https://{PAGE}"} & set(allowed)


def test_the_policy_of_the_page_names_no_address_of_its_own(full: Template) -> None:
    """It says 'self', which follows the domain."""
    for policy in full.properties("AWS::CloudFront::ResponseHeadersPolicy"):
        security = policy["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
        text = as_text(security["ContentSecurityPolicy"]["ContentSecurityPolicy"])

        assert "connect-src 'self' " in text
        assert "SiteDistribution" not in text


def test_other_sites_of_the_domain_are_not_held_to_tls(full: Template, prod: Template) -> None:
    def includes(template: Template) -> set[bool]:
        return {
            policy["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"][
                "StrictTransportSecurity"
            ]["IncludeSubdomains"]
            for policy in template.properties("AWS::CloudFront::ResponseHeadersPolicy")
        }

    assert includes(full) == {False}
    assert includes(prod) == {True}


def stage_with(**changes: object) -> dict[str, Any]:
    stages = {**context()["stages"]}
    stages["dev"] = {**stages["dev"], **changes}
    return {"stage": "dev", "stages": stages}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"domain_name": PAGE}, "domain_name needs certificate_arn, too"),
        ({"certificate_arn": CERTIFICATE}, "certificate_arn needs domain_name, too"),
        ({"socket_domain_name": SOCKET}, "socket_domain_name needs socket_certificate_arn, too"),
        (
            {"domain_name": PAGE, "certificate_arn": SOCKET_CERTIFICATE},
            "certificate_arn names a certificate in eu-central-1, but it must be in us-east-1",
        ),
        (
            {"domain_name": PAGE, "certificate_arn": "arn:aws:iam::1:server-certificate/x"},
            "Give the ARN of a certificate of AWS Certificate Manager",
        ),
        *(
            ({"domain_name": name, "certificate_arn": CERTIFICATE}, "not a host name")
            for name in (
                "https://spaces.example.org",
                "spaces.example.org/",
                "spaces.example.org:443",
                "Spaces.example.org",
                "*.example.org",
                "localhost",
                "10.0.0.1",
                "a..example.org",
                "-a.example.org",
                "",
                f"{'a' * 64}.example.org",
            )
        ),
        (
            {
                "domain_name": PAGE,
                "certificate_arn": CERTIFICATE,
                "socket_domain_name": PAGE,
                "socket_certificate_arn": SOCKET_CERTIFICATE,
            },
            "ws.spaces.example.org",
        ),
        ({**DOMAINS, "emulator_port": 4566}, "a stage on the emulator cannot have domain_name"),
        ({"domain_name": 5, "certificate_arn": CERTIFICATE}, "domain_name must be str, not int"),
    ],
)
def test_wrong_domains_are_told(changes: dict[str, object], told: str) -> None:
    with pytest.raises(InvalidSettings, match=told):
        settings_from_context(stage_with(**changes))


@pytest.mark.parametrize("name", ["example.org", "a.b-c.example", "xn--bcher-kva.example"])
def test_host_names_are_accepted(name: str) -> None:
    settings = settings_from_context(stage_with(domain_name=name, certificate_arn=CERTIFICATE))

    assert settings.domain_names == [name]


def test_two_stages_cannot_share_a_domain() -> None:
    given = stage_with(**DOMAINS)
    given["stages"]["prod"] = {**given["stages"]["prod"], "socket_domain_name": PAGE}

    with pytest.raises(InvalidSettings, match=r"stage 'prod' has the domain 'spaces.example.org'"):
        settings_from_context(given)


def test_the_certificate_of_the_socket_is_where_the_stage_is() -> None:
    settings = settings_from_context(stage_with(**DOMAINS))

    settings.check_region("eu-central-1")
    settings.check_region(None)
    with pytest.raises(InvalidSettings, match="it must be in ap-south-1"):
        settings.check_region("ap-south-1")


def test_the_app_knows_from_the_cdk_cli_where_the_stage_is(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CDK_DEFAULT_REGION", "ap-south-1")

    with pytest.raises(InvalidSettings, match="it must be in ap-south-1"):
        build(stage_with(**DOMAINS))
