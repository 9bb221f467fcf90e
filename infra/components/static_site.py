"""The page: CloudFront in front of a private bucket, and of the API on the same origin."""

from typing import Final

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.acknowledgements import acknowledge
from infra.components.api_forwarding import api_cache_policy, api_request_policy
from infra.components.private_bucket import private_bucket
from infra.components.security_headers import security_headers

EMBED_PATH: Final = "/embed.html"
"""The one page that other sites may frame; it asks the space whether they may."""


class StaticSite(Construct):
    """A distribution that serves the page, and the API under ``/v1/``.

    There are no custom error pages: CloudFront would also put them over the API's own errors.

    Attributes:
        bucket: where the page's files are.
        distribution: what people open.
    """

    bucket: s3.Bucket
    distribution: cloudfront.Distribution

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        api_origin: origins.HttpOrigin,
        content_security_policy: str,
        local: bool,
    ) -> None:
        super().__init__(scope, id_)
        self.bucket = private_bucket(
            self, "Bucket", removal_policy=RemovalPolicy.DESTROY, local=local
        )
        viewers = (
            cloudfront.ViewerProtocolPolicy.ALLOW_ALL
            if local
            else cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS
        )
        headers = security_headers(self, "Headers", policy=content_security_policy)
        framed = security_headers(self, "FrameHeaders", policy=content_security_policy, framed=True)
        page_origin = self._page_origin()
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment="WebSocket Spaces",
            default_root_object="index.html",
            price_class=cloudfront.PriceClass.PRICE_CLASS_100,
            error_responses=self._never_keep_errors(),
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            default_behavior=cloudfront.BehaviorOptions(
                origin=page_origin,
                viewer_protocol_policy=viewers,
                response_headers_policy=headers,
                cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
            ),
            additional_behaviors={
                EMBED_PATH: cloudfront.BehaviorOptions(
                    origin=page_origin,
                    viewer_protocol_policy=viewers,
                    response_headers_policy=framed,
                    cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
                ),
                "/v1/*": cloudfront.BehaviorOptions(
                    origin=api_origin,
                    viewer_protocol_policy=viewers,
                    response_headers_policy=headers,
                    allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
                    cache_policy=api_cache_policy(self, "ApiCache"),
                    origin_request_policy=api_request_policy(self, "ApiRequest"),
                ),
            },
        )
        self._acknowledge()

    @staticmethod
    def _never_keep_errors() -> list[cloudfront.ErrorResponse]:
        """CloudFront keeps errors for ten seconds by default, whatever their headers say.

        Source: "How CloudFront processes and caches HTTP 4xx and 5xx status codes".
        """
        codes = (400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504)
        return [
            cloudfront.ErrorResponse(http_status=code, ttl=Duration.seconds(0)) for code in codes
        ]

    def _page_origin(self) -> cloudfront.IOrigin:
        # With the right to list, S3 answers 404 for a missing file; without, 403.
        return origins.S3BucketOrigin.with_origin_access_control(
            self.bucket,
            origin_access_levels=[cloudfront.AccessLevel.READ, cloudfront.AccessLevel.LIST],
        )

    def _acknowledge(self) -> None:
        reasons = {
            "AwsSolutions-CFR1": "The page is for everybody, in every country.",
            "AwsSolutions-CFR2": "A web application firewall has a standing price.",
            "AwsSolutions-CFR3": "Access logs are stored objects that cost money.",
            "AwsSolutions-CFR4": "CloudFront's own certificate does not let TLS 1.2 be demanded; "
            "whoever brings a domain brings a certificate.",
            "AwsSolutions-CFR5": "Only the local cloud talks to its origin without TLS.",
        }
        reasons["Annotation::@aws-cdk/aws-cloudfront-origins:listBucketSecurityRisk"] = (
            "The default root object is named, so the bucket's list is never shown."
        )
        for rule, reason in reasons.items():
            acknowledge(self.distribution, rule, reason)
