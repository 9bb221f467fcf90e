"""Upload the page's files to its bucket on every deployment to AWS."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_deployment as deployment
from constructs import Construct

from infra.acknowledgements import acknowledge
from infra.components.lambda_function import resource_finding
from infra.page import CONFIG_FILE, UNVERSIONED_CACHE_CONTROL, VERSIONED_CACHE_CONTROL

_DEPLOYER_FINDINGS = (
    "AwsSolutions-L1",
    (
        "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/"
        "AWSLambdaBasicExecutionRole]"
    ),
    "AwsSolutions-IAM5[Action::s3:GetObject*]",
    "AwsSolutions-IAM5[Action::s3:GetBucket*]",
    "AwsSolutions-IAM5[Action::s3:List*]",
    "AwsSolutions-IAM5[Action::s3:DeleteObject*]",
    "AwsSolutions-IAM5[Action::s3:Abort*]",
    (
        "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::"
        "cdk-hnb659fds-assets-<AWS::AccountId>-<AWS::Region>/*]"
    ),
)


class PageUpload(Construct):
    """Puts a page into a bucket. Browsers revalidate HTML and cache everything else indefinitely.

    CloudFront, too, asks the bucket again for HTML, and no other file ever changes. Therefore
    nothing is invalidated: waiting for an invalidation can take longer than the uploader may run,
    and would then fail the whole deployment (aws/aws-cdk#15891).

    Files of earlier versions stay for tabs that are still open.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        folder: Path,
        config: Mapping[str, Any],
        bucket: s3.IBucket,
        log_retention: logs.RetentionDays,
    ) -> None:
        super().__init__(scope, id_)
        log_group = logs.LogGroup(
            self, "Logs", retention=log_retention, removal_policy=RemovalPolicy.DESTROY
        )
        source = deployment.Source.asset(str(folder))
        versioned = deployment.BucketDeployment(
            self,
            "Versioned",
            sources=[source],
            destination_bucket=bucket,
            log_group=log_group,
            exclude=["*.html"],
            prune=False,
            cache_control=[deployment.CacheControl.from_string(VERSIONED_CACHE_CONTROL)],
        )
        # HTML comes last, so that it never refers to a file that is not there yet.
        html = deployment.BucketDeployment(
            self,
            "Html",
            sources=[source, deployment.Source.json_data(CONFIG_FILE, config)],
            destination_bucket=bucket,
            log_group=log_group,
            exclude=["*"],
            include=["*.html", CONFIG_FILE],
            cache_control=[deployment.CacheControl.from_string(UNVERSIONED_CACHE_CONTROL)],
        )
        html.node.add_dependency(versioned)
        self._acknowledge(bucket)

    def _acknowledge(self, bucket: s3.IBucket) -> None:
        stack = Stack.of(self)
        deployer = next(
            child
            for child in stack.node.children
            if child.node.id.startswith("Custom::CDKBucketDeployment")
        )
        bucket_arn = resource_finding(stack, bucket.arn_for_objects("*"))
        for finding in (*_DEPLOYER_FINDINGS, f"AwsSolutions-IAM5[Resource::{bucket_arn}]"):
            acknowledge(
                deployer, finding, "CDK's own uploader, which runs only during a deployment."
            )
