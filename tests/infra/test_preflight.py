"""`make preflight` names what would stop a deployment, and changes nothing."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from infra.preflight import __main__ as command
from infra.preflight.environment_checks import BOOTSTRAP_VERSION
from infra.preflight.limit_checks import ROLES
from infra.preflight.lines import Level, Line
from infra.preflight.name_checks import NAMED, Name, SynthesisFailed, names_in
from infra.preflight.report import check_deployment, exit_code
from infra.settings import Settings, settings_from_context
from tests.infra import recorded_aws as aws
from tests.infra.conftest import Synthesize, context

DEV = settings_from_context({**context(), "stage": "dev"})
NAMES = [
    Name("AWS::Lambda::Function", "spaces-dev-sweep"),
    Name("AWS::Scheduler::ScheduleGroup", "spaces-dev"),
    Name("AWS::CloudFront::CachePolicy", "cache"),
    Name("AWS::CloudFront::OriginAccessControl", "access"),
]


def lines_with(called: list[str] | None = None, **answers: aws.Answer) -> list[Line]:
    account = aws.recorded(aws.FRESH | answers, called)
    return list(check_deployment(account, DEV, lambda: NAMES))


def line(lines: list[Line], name: str, level: Level) -> Line:
    found = [each for each in lines if each.name == name and each.level is level]
    assert len(found) == 1, lines
    return found[0]


def test_a_fresh_account_gets_one_warning_and_may_deploy() -> None:
    lines = lines_with()
    assert [each.name for each in lines if each.level is not Level.OK] == ["CloudFront"]
    verification = line(lines, "CloudFront", Level.WARNING).remedy
    assert (
        "Your account must be verified before you can add new CloudFront resources" in verification
    )
    assert exit_code(lines) == 0


def test_only_reading_calls_are_made() -> None:
    called: list[str] = []
    lines_with(called)
    assert {
        name for name in called if not name.startswith(("Get", "List", "Describe", "Head"))
    } == set()


@pytest.mark.parametrize(
    ("changed", "name", "level", "text"),
    [
        (
            {"GetCallerIdentity": aws.identity("arn:aws:iam::1:root")},
            "credentials",
            "warning",
            "root user",
        ),
        ({"GetParameter": aws.NO_PARAMETER}, "bootstrap", "blocks", "not prepared"),
        ({"GetParameter": aws.parameter("5")}, "bootstrap", "blocks", "version 5"),
        ({"HeadBucket": (404, "")}, "bootstrap", "blocks", "was deleted"),
        (
            {"GetAccountSettings": aws.concurrency(10)},
            "Lambda concurrency",
            "warning",
            "fewer than the gateway has",
        ),
        (
            {"GetAccountSettings": aws.concurrency(50)},
            "Lambda concurrency",
            "warning",
            "50 functions",
        ),
        ({"GetAccount": aws.call_rate(100, 50)}, "API calls", "warning", "100 a second"),
        (
            {"GetAccountSummary": aws.roles(1000 - ROLES + 1, 1000)},
            "IAM roles",
            "blocks",
            "of 1000",
        ),
        ({"ListDistributions": aws.distributions(500)}, "CloudFront", "warning", "quota is 500"),
        (
            {
                "ListDistributions": aws.distributions(100, after="m"),
                "ListDistributions after m": aws.distributions(450),
            },
            "CloudFront",
            "warning",
            "550 distributions",
        ),
        (
            {
                "ListResponseHeadersPolicies": aws.policies(
                    "ResponseHeadersPolicy", *"abcdefghijklmnopqrs"
                )
            },
            "CloudFront policies",
            "warning",
            "19 of 20 response headers policies",
        ),
        (
            {"GetScheduleGroup": (200, '{"State": "DELETING"}')},
            "names",
            "blocks",
            "still being deleted",
        ),
        (
            {"GetScheduleGroup": (200, '{"State": "ACTIVE"}')},
            "names",
            "blocks",
            "spaces-dev (ScheduleGroup)",
        ),
        (
            {"GetFunctionConcurrency": (200, "{}")},
            "names",
            "blocks",
            "spaces-dev-sweep (Function)",
        ),
        (
            {"ListCachePolicies": aws.policies("CachePolicy", "cache")},
            "names",
            "blocks",
            "cache (CachePolicy)",
        ),
        (
            {"ListOriginAccessControls": aws.access_controls("access")},
            "names",
            "blocks",
            "access (Origin",
        ),
        (
            {"GetAccountSummary": aws.DENIED},
            "IAM roles",
            "unknown",
            "may not call GetAccountSummary",
        ),
    ],
)
def test_each_obstacle_has_its_line(
    changed: dict[str, aws.Answer], name: str, level: str, text: str
) -> None:
    lines = lines_with(None, **changed)
    found = line(lines, name, Level(level))
    assert text in found.text
    assert found.remedy
    assert exit_code(lines) == (level == "blocks")


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (aws.stack("ROLLBACK_COMPLETE", ""), "can only be deleted"),
        (aws.stack("UPDATE_IN_PROGRESS"), "UPDATE_IN_PROGRESS"),
        (aws.stack("UPDATE_ROLLBACK_FAILED"), "UPDATE_ROLLBACK_FAILED"),
        (aws.stack("CREATE_COMPLETE", "Website"), "not of this project"),
    ],
)
def test_stacks_that_cannot_be_updated_block(answer: aws.Answer, text: str) -> None:
    lines = lines_with(DescribeStacks=answer)
    blocking = [each for each in lines if each.level is Level.BLOCKS]
    assert [text in each.text for each in blocking] == [True, True]


def test_names_of_stacks_that_exist_are_their_own() -> None:
    lines = lines_with(
        DescribeStacks=aws.stack("UPDATE_COMPLETE"),
        GetScheduleGroup=(200, '{"State": "ACTIVE"}'),
    )
    assert exit_code(lines) == 0
    assert line(lines, "names", Level.OK).text == "they belong to the stacks that exist"


def test_a_stage_that_cannot_be_synthesized_says_so_and_the_rest_goes_on() -> None:
    def fail() -> list[Name]:
        raise SynthesisFailed("Invalid settings: no stage")

    lines = list(check_deployment(aws.recorded(aws.FRESH), DEV, fail))
    assert "Invalid settings: no stage" in line(lines, "names", Level.UNKNOWN).text
    assert line(lines, "IAM roles", Level.OK)


OWN = {
    "domain_name": "spaces.example.org",
    "certificate_arn": "arn:aws:acm:us-east-1:123456789012:certificate/a",
    "socket_domain_name": "workers.example.org",
    "socket_certificate_arn": f"arn:aws:acm:{aws.REGION}:123456789012:certificate/b",
}


@pytest.mark.parametrize(
    ("answer", "level", "text"),
    [
        (aws.certificate("ISSUED", "*.example.org"), "ok", "has a valid certificate"),
        (aws.certificate("PENDING_VALIDATION", "*.example.org"), "blocks", "PENDING_VALIDATION"),
        (aws.certificate("ISSUED", "example.org", "*.spaces.example.org"), "blocks", "is for exam"),
        (aws.NO_CERTIFICATE, "blocks", "no certificate"),
    ],
)
def test_certificates_of_own_domains(answer: aws.Answer, level: str, text: str) -> None:
    account = aws.recorded(aws.FRESH | {"DescribeCertificate": answer})
    lines = list(check_deployment(account, with_domains(OWN), list))
    found = [each for each in lines if each.name == "domains"]
    assert [(each.level, text in each.text) for each in found] == [(level, True)] * 2


def with_domains(settings: dict[str, str]) -> Settings:
    changed: Any = settings
    return replace(DEV, **changed)


def test_a_socket_certificate_of_another_region_blocks() -> None:
    elsewhere = OWN | {"socket_certificate_arn": OWN["certificate_arn"]}
    lines = list(check_deployment(aws.recorded(aws.FRESH), with_domains(elsewhere), list))
    assert "it must be in eu-central-1" in line(lines, "domains", Level.BLOCKS).text


def test_every_name_in_the_templates_is_looked_up(synthesize: Synthesize) -> None:
    template = {"Resources": synthesize("prod", **OWN).resources}
    names = {(each.type, each.name) for each in names_in(template, "eu-west-1")}
    assert ("AWS::Lambda::Function", "spaces-prod-sweep") in names
    assert ("AWS::Scheduler::ScheduleGroup", "spaces-prod") in names
    assert ("AWS::ApiGatewayV2::DomainName", "workers.example.org") in names
    assert {type_ for type_, _ in names} >= {
        each for each in NAMED if each.endswith(("Policy", "Control"))
    }
    unknown = {each["Type"] for each in template["Resources"].values() if _is_named(each)}
    # An inline policy is unique in its role; a dashboard is replaced, and of a query's name there
    # may be two.
    assert unknown <= NAMED.keys() | {
        "AWS::IAM::Policy",
        "AWS::CloudWatch::Dashboard",
        "AWS::Logs::QueryDefinition",
    }


def _is_named(resource: dict[str, Any]) -> bool:
    """Tell whether a template names a resource of a kind whose names must be unique."""
    own = resource["Type"].rsplit("::", 1)[-1]
    keys = {
        "Name",
        f"{own}Name",
        "FunctionName",
        "RoleName",
        "TableName",
        "BucketName",
        "QueueName",
    }
    inner = resource.get("Properties", {})
    inner = {**inner, **inner.get(f"{own}Config", {})}
    nested = resource["Type"].startswith(
        ("AWS::ApiGatewayV2::", "Custom::", "AWS::Lambda::Permission", "AWS::Lambda::EventInvoke")
    ) or own in {"UserPoolGroup", "BucketPolicy", "Stage"}
    return not nested and any(isinstance(inner.get(key), str | dict) for key in keys)


def test_the_bootstrap_version_is_the_one_of_the_templates(synthesize: Synthesize) -> None:
    for file in synthesize("prod").files:
        rule = json.loads(file.read_text("utf-8"))["Rules"]["CheckBootstrapVersion"]
        assert f"version {BOOTSTRAP_VERSION} required" in json.dumps(rule)


def test_a_stage_creates_no_more_roles_than_the_check_counts(synthesize: Synthesize) -> None:
    assert len(synthesize("prod").of_type("AWS::IAM::Role")) <= ROLES


def run(
    monkeypatch: pytest.MonkeyPatch, answers: dict[str, aws.Answer], *arguments: str
) -> tuple[int, str]:
    names: Callable[[dict[str, Any], str, Path], list[Name]] = lambda *_: NAMES  # noqa: E731
    monkeypatch.setattr(command, "template_names", names)
    monkeypatch.setattr(command, "account_on_aws", lambda: aws.recorded(aws.FRESH | answers))
    done = CliRunner().invoke(command.app, arguments)
    return done.exit_code, done.output


def test_the_command_prints_the_lines_and_what_comes_next(monkeypatch: pytest.MonkeyPatch) -> None:
    code, output = run(monkeypatch, {}, "--stage", "prod")
    assert code == 0
    assert "ok       credentials          arn:aws:iam::123456789012:user/ada" in output
    assert output.splitlines()[-1] == "Next: make deploy STAGE=prod"


def test_the_command_fails_if_something_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    code, output = run(monkeypatch, {"GetParameter": aws.NO_PARAMETER})
    assert code == 1
    assert "cdk bootstrap" in output
    assert output.splitlines()[-1] == "Resolve what blocks, then run this again."
