"""The page: CloudFront in front of a private bucket and, on the same origin, the API."""

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
"""The only page that other sites may frame. It checks whether its space allows the site."""


class StaticSite(Construct):
    """A distribution that serves the page, and the API under ``/v1/``.

    It has no custom error pages, because CloudFront would also replace the API's errors.

    Attributes:
        bucket: the page's files.
        distribution: the CloudFront distribution.
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
            error_responses=self._uncached_errors(),
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
    def _uncached_errors() -> list[cloudfront.ErrorResponse]:
        """Stop CloudFront from caching errors for ten seconds, its default whatever their headers.

        Source: "How CloudFront processes and caches HTTP 4xx and 5xx status codes".
        """
        codes = (400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504)
        return [
            cloudfront.ErrorResponse(http_status=code, ttl=Duration.seconds(0)) for code in codes
        ]

    def _page_origin(self) -> cloudfront.IOrigin:
        # For a missing file, S3 responds with 404 if the caller may list, otherwise with 403.
        return origins.S3BucketOrigin.with_origin_access_control(
            self.bucket,
            origin_access_levels=[cloudfront.AccessLevel.READ, cloudfront.AccessLevel.LIST],
        )

    def _acknowledge(self) -> None:
        reasons = {
            "AwsSolutions-CFR1": "The page is public in every country.",
            "AwsSolutions-CFR2": "A web application firewall has a fixed cost.",
            "AwsSolutions-CFR3": "Access logs are stored objects that cost money.",
            "AwsSolutions-CFR4": "CloudFront's default certificate cannot require TLS 1.2; "
            "a custom domain comes with its own certificate.",
            "AwsSolutions-CFR5": "Only the local cloud connects to its origin without TLS.",
        }
        reasons["Annotation::@aws-cdk/aws-cloudfront-origins:listBucketSecurityRisk"] = (
            "A default root object is set, so the bucket's listing is never shown."
        )
        for rule, reason in reasons.items():
            acknowledge(self.distribution, rule, reason)
