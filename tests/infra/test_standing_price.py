"""Nobody connected, nothing to pay: each resource type is known to have no standing price."""

import json

import pytest

from infra.costs.prices import FREE_ALARMS, FREE_DASHBOARD_METRICS, FREE_DASHBOARDS
from tests.infra.conftest import Synthesize
from tests.infra.parts import metrics_of
from tests.infra.templates import Template

FREE_WHILE_IDLE = {
    "AWS::ApiGatewayV2::Api": "priced by call, message and connection minute",
    "AWS::ApiGatewayV2::ApiMapping": "part of the API",
    "AWS::ApiGatewayV2::Authorizer": "part of the API",
    "AWS::ApiGatewayV2::DomainName": "free",
    "AWS::ApiGatewayV2::Integration": "part of the API",
    "AWS::ApiGatewayV2::IntegrationResponse": "part of the API",
    "AWS::ApiGatewayV2::Route": "part of the API",
    "AWS::ApiGatewayV2::Stage": "part of the API",
    "AWS::CloudFront::CachePolicy": "free",
    "AWS::CloudFront::Distribution": "priced by request and byte",
    "AWS::CloudFront::OriginAccessControl": "free",
    "AWS::CloudFront::OriginRequestPolicy": "free",
    "AWS::CloudFront::ResponseHeadersPolicy": "free",
    "AWS::Cognito::ManagedLoginBranding": "part of the user pool",
    "AWS::Cognito::UserPool": "priced by people who sign in, 10,000 a month are free; a test",
    "AWS::Cognito::UserPoolClient": "free without client credentials; a test",
    "AWS::Cognito::UserPoolDomain": "free without a domain of one's own; a test",
    "AWS::Cognito::UserPoolGroup": "free",
    "AWS::DynamoDB::GlobalTable": "on demand: priced by request and stored byte",
    "AWS::IAM::Policy": "free",
    "AWS::IAM::Role": "free",
    "AWS::CloudWatch::Alarm": "ten are free; a test counts them",
    "AWS::CloudWatch::Dashboard": "three with 50 metrics are free; a test counts them",
    "AWS::Logs::QueryDefinition": "free; running one is priced by scanned byte",
    "AWS::SNS::Subscription": "free; 1,000 mails a month are free",
    "AWS::SNS::Topic": "priced by message",
    "AWS::SNS::TopicPolicy": "free",
    "AWS::Lambda::EventInvokeConfig": "free",
    "AWS::Scheduler::ScheduleGroup": "free; schedules are priced by call",
    "AWS::SQS::Queue": "priced by call",
    "AWS::SQS::QueuePolicy": "free",
    "AWS::Lambda::Function": "priced by call and time",
    "AWS::Lambda::LayerVersion": "code storage, free up to 75 GB",
    "AWS::Lambda::Permission": "free",
    "AWS::Lambda::Url": "free",
    "AWS::Logs::LogGroup": "priced by byte",
    "AWS::S3::Bucket": "priced by stored byte and request",
    "AWS::S3::BucketPolicy": "free",
    "Custom::CDKBucketDeployment": "a function that runs during a deploy",
    "Custom::S3AutoDeleteObjects": "a function that runs when the stack is deleted",
}

PRICED_BY_THE_HOUR = (
    "AWS::EC2::",
    "AWS::ElasticLoadBalancing",
    "AWS::KMS::Key",
    "AWS::SecretsManager::",
    "AWS::WAFv2::",
    "AWS::RDS::",
    "AWS::ElastiCache::",
    "AWS::ECS::",
    "AWS::Route53::HostedZone",
    "AWS::Lambda::Alias",
    "AWS::Lambda::Version",
    "AWS::ApiGateway::",
)

STAGES_PER_ACCOUNT = 2
"""So many stages fit into what an account has free."""

PRICED_SETTINGS = (
    "ProvisionedConcurrencyConfig",
    "ProvisionedThroughput",
    "WriteProvisionedThroughputSettings",
    "SnapStart",
    "CacheClusterEnabled",
    "SSESpecification",
    "KmsMasterKeyId",
    "KMSMasterKeyID",
    "VpcConfig",
    "WebACLId",
)


@pytest.mark.parametrize("stage", ["dev", "prod", "full"])
def test_every_resource_type_is_known_to_be_free_while_idle(
    stage: str, request: pytest.FixtureRequest
) -> None:
    template: Template = request.getfixturevalue(stage)
    types = {resource["Type"] for resource in template.resources.values()}

    assert types <= FREE_WHILE_IDLE.keys()
    assert not [type_ for type_ in types if type_.startswith(PRICED_BY_THE_HOUR)]


@pytest.mark.parametrize("stage", ["dev", "prod", "full"])
def test_no_setting_that_is_priced_by_the_hour(stage: str, request: pytest.FixtureRequest) -> None:
    template: Template = request.getfixturevalue(stage)
    text = json.dumps(template.resources)

    assert not [setting for setting in PRICED_SETTINGS if f'"{setting}"' in text]


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_no_more_alarms_than_are_free(stage: str, synthesize: Synthesize) -> None:
    alarms = synthesize(stage).properties("AWS::CloudWatch::Alarm")

    assert len(alarms) * STAGES_PER_ACCOUNT <= FREE_ALARMS
    # An alarm on metric math counts once for each of its metrics, and one below a minute is dearer.
    assert all("Metrics" not in alarm and alarm["Period"] >= 60 for alarm in alarms)


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_no_more_on_dashboards_than_is_free(stage: str, synthesize: Synthesize) -> None:
    dashboards = synthesize(stage).properties("AWS::CloudWatch::Dashboard")
    metrics = [metric for each in dashboards for metric in metrics_of(each)]

    assert len(dashboards) * STAGES_PER_ACCOUNT <= FREE_DASHBOARDS
    assert 0 < len(metrics) <= FREE_DASHBOARD_METRICS


def test_only_production_pays_for_backups(synthesize: Synthesize) -> None:
    assert '"PointInTimeRecoveryEnabled": true' not in json.dumps(synthesize("dev").resources)
