"""No name collides: two stages in one account, or one stage in two regions."""

from typing import Any, Final

import pytest

from tests.infra.templates import Template

ACCOUNT: Final = {
    "AWS::CloudFront::CachePolicy": "CachePolicyConfig.Name",
    "AWS::CloudWatch::Dashboard": "DashboardName",
    "AWS::CloudFront::OriginAccessControl": "OriginAccessControlConfig.Name",
    "AWS::CloudFront::OriginRequestPolicy": "OriginRequestPolicyConfig.Name",
    "AWS::CloudFront::ResponseHeadersPolicy": "ResponseHeadersPolicyConfig.Name",
    "AWS::IAM::Role": "RoleName",
    "AWS::S3::Bucket": "BucketName",
}
"""Where a type has its name, if the name must be unique in all regions of an account."""

REGION: Final = {
    "AWS::ApiGatewayV2::DomainName": "DomainName",
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::Cognito::UserPool": "UserPoolName",
    "AWS::Cognito::UserPoolDomain": "Domain",
    "AWS::DynamoDB::GlobalTable": "TableName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Lambda::LayerVersion": "LayerName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::Logs::QueryDefinition": "Name",
    "AWS::SNS::Topic": "TopicName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::Scheduler::ScheduleGroup": "Name",
}
"""Where a type has its name, if the name must be unique in one region of an account."""

NO_NAME: Final = {
    "AWS::ApiGatewayV2::Api": "names of APIs need not be unique",
    "AWS::ApiGatewayV2::ApiMapping": "unique in its domain",
    "AWS::ApiGatewayV2::Authorizer": "unique in its API",
    "AWS::ApiGatewayV2::Integration": "no name",
    "AWS::ApiGatewayV2::IntegrationResponse": "no name",
    "AWS::ApiGatewayV2::Route": "unique in its API",
    "AWS::ApiGatewayV2::Stage": "unique in its API",
    "AWS::CloudFront::Distribution": "no name; settings let two stages not share a domain",
    "AWS::Cognito::ManagedLoginBranding": "no name",
    "AWS::Cognito::UserPoolClient": "names of clients need not be unique",
    "AWS::Cognito::UserPoolGroup": "unique in its pool",
    "AWS::IAM::Policy": "inline: unique in its role",
    "AWS::Lambda::EventInvokeConfig": "no name",
    "AWS::Lambda::Permission": "no name",
    "AWS::Lambda::Url": "no name; Lambda makes its address unique",
    "AWS::S3::BucketPolicy": "no name",
    "AWS::SNS::Subscription": "no name",
    "AWS::SNS::TopicPolicy": "no name",
    "AWS::SQS::QueuePolicy": "no name",
    "Custom::CDKBucketDeployment": "no name",
    "Custom::S3AutoDeleteObjects": "no name",
}
"""Types without a name that another stack could have taken, with the reason."""


def filled_in(value: Any, region: str, stack: str) -> str:
    """Return a text as CloudFormation fills it in for a stack of a region."""
    match value:
        case {"Ref": "AWS::Region"}:
            return region
        case {"Ref": "AWS::StackId"}:
            return f"arn:aws:cloudformation:{region}:111122223333:stack/x/{stack}{region[:5]}-4000"
        case {"Fn::Join": [separator, parts]}:
            return str(separator).join(filled_in(part, region, stack) for part in parts)
        case {"Fn::Split": [separator, text]}:
            return filled_in(text, region, stack).replace(separator, "\n")
        case {"Fn::Select": [number, lines]}:
            return filled_in(lines, region, stack).split("\n")[int(number)]
        case str(text):
            return text
        case _:
            raise AssertionError(f"a name of unknown make: {value}")


def names(template: Template, paths: dict[str, str], region: str) -> list[tuple[str, str]]:
    """Return the type and name of every named resource; CloudFormation makes the others unique."""
    found = []
    for type_, path in paths.items():
        for properties in template.properties(type_):
            value: Any = properties
            for key in path.split("."):
                value = value.get(key) if value else None
            if value is not None:
                found.append((type_, filled_in(value, region, str(id(template)))))
    return found


@pytest.mark.parametrize("stage", ["dev", "prod", "full"])
def test_it_is_known_of_every_type_where_it_has_a_name(
    stage: str, request: pytest.FixtureRequest
) -> None:
    template: Template = request.getfixturevalue(stage)

    types = {resource["Type"] for resource in template.resources.values()}

    assert types <= ACCOUNT.keys() | REGION.keys() | NO_NAME.keys()


def test_no_name_in_a_stage_is_given_twice(prod: Template) -> None:
    given = names(prod, ACCOUNT | REGION, "us-east-1")

    assert len(given) == len(set(given)) > 5


def test_one_stage_fits_into_two_regions_of_an_account(prod: Template) -> None:
    here, there = (set(names(prod, ACCOUNT, region)) for region in ("us-east-1", "eu-central-1"))

    assert here & there == set()
    assert all("us-east-1" in name for _, name in here)


def test_two_stages_fit_into_one_region_of_an_account(dev: Template, prod: Template) -> None:
    paths = ACCOUNT | REGION

    of_dev, of_prod = (set(names(stage, paths, "us-east-1")) for stage in (dev, prod))

    assert of_dev & of_prod == set()


def test_names_of_cloudfront_are_short_enough(full: Template) -> None:
    for type_, name in names(full, ACCOUNT, "ap-southeast-1"):
        assert len(name) <= 64, (type_, name)
