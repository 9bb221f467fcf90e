"""A bucket that nobody reaches without a grant or a presigned address."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.acknowledgements import acknowledge


def private_bucket(
    scope: Construct,
    id_: str,
    *,
    removal_policy: RemovalPolicy,
    local: bool,
    expire_after_days: int | None = None,
) -> s3.Bucket:
    """Create a bucket without public access, encrypted, over TLS only.

    Args:
        scope: where it belongs.
        id_: its name there.
        removal_policy: what becomes of it when its stack goes.
        local: whether it is the emulator's, which speaks no TLS, and whose buckets end with it.
        expire_after_days: age at which objects go; None keeps them.
    """
    bucket = s3.Bucket(
        scope,
        id_,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
        encryption=s3.BucketEncryption.S3_MANAGED,
        enforce_ssl=not local,
        removal_policy=removal_policy,
        auto_delete_objects=removal_policy is RemovalPolicy.DESTROY and not local,
        lifecycle_rules=[
            s3.LifecycleRule(
                abort_incomplete_multipart_upload_after=Duration.days(1),
                expiration=None if expire_after_days is None else Duration.days(expire_after_days),
            )
        ],
    )
    acknowledge(
        bucket,
        "AwsSolutions-S1",
        "Server access logs are stored objects that cost money while nobody reads them.",
    )
    if local:
        acknowledge(bucket, "AwsSolutions-S10", "The emulator speaks no TLS.")
    return bucket
