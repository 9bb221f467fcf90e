"""A bucket that is accessible only with a grant or a presigned URL."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.acknowledgements import acknowledge

_PRESIGNED_FROM_ANYWHERE: Final = s3.CorsRule(
    allowed_origins=["*"],
    allowed_methods=[
        s3.HttpMethods.GET,
        s3.HttpMethods.HEAD,
        s3.HttpMethods.POST,
        s3.HttpMethods.PUT,
    ],
    allowed_headers=["*"],
    max_age=3600,
)
"""Any origin is allowed, because access does not depend on the origin: no cookie is read, nothing
is public, and a signed URL gives its holder access to one object, in a browser or elsewhere. Also,
the page's origin is not known yet when this bucket is created."""


def private_bucket(
    scope: Construct,
    id_: str,
    *,
    removal_policy: RemovalPolicy,
    local: bool,
    expire: Mapping[str, int] = MappingProxyType({}),
    open_to_pages: bool = False,
) -> s3.Bucket:
    """Create an encrypted bucket without public access that accepts only TLS.

    Args:
        scope: the parent construct.
        id_: the construct id.
        removal_policy: what happens to the bucket when its stack is deleted.
        local: whether it is on the emulator, which has no TLS and whose buckets end with it.
        expire: days until objects expire, by key prefix; objects with other prefixes are kept.
        open_to_pages: whether a page's scripts may use presigned URLs.
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
        lifecycle_rules=_lifecycle(expire),
        cors=[_PRESIGNED_FROM_ANYWHERE] if open_to_pages else None,
    )
    if bucket.policy is not None:
        # Otherwise a kept bucket would accept requests without TLS.
        bucket.policy.apply_removal_policy(removal_policy)
    acknowledge(
        bucket,
        "AwsSolutions-S1",
        "Server access logs are stored objects that cost money even if nobody reads them.",
    )
    if local:
        acknowledge(bucket, "AwsSolutions-S10", "The emulator does not support TLS.")
    return bucket


def _lifecycle(expire: Mapping[str, int]) -> list[s3.LifecycleRule]:
    day = Duration.days(1)
    return [
        s3.LifecycleRule(abort_incomplete_multipart_upload_after=day),
        *(
            s3.LifecycleRule(prefix=prefix, expiration=Duration.days(days))
            for prefix, days in expire.items()
        ),
    ]
