"""The page: CloudFront in front of a private bucket and, on the same origin, the API."""

from dataclasses import dataclass
from typing import Final

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.acknowledgements import acknowledge
from infra.components.account_names import account_name
from infra.components.api_forwarding import (
    api_cache_policy,
    api_request_policy,
    mcp_request_policy,
    stream_request_policy,
)
from infra.components.private_bucket import private_bucket
from infra.components.security_headers import security_headers
from infra.page_policy import EMBED_PATH

_MINIMUM_TLS: Final = cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021
"""For a certificate of the operator's own: CloudFront's has a fixed one."""


@dataclass(frozen=True, kw_only=True)
class SiteDomain:
    """A host name of the operator's own.

    Attributes:
        name: the host name.
        certificate_arn: its certificate, in us-east-1.
    """

    name: str
    certificate_arn: str


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
        stream_origin: cloudfront.IOrigin,
        content_security_policy: str,
        local: bool,
        domain: SiteDomain | None = None,
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
        own, policy = domain is not None, content_security_policy
        headers = security_headers(self, "Headers", policy=policy, own_domain=own)
        framed = security_headers(self, "FrameHeaders", policy=policy, own_domain=own, framed=True)
        page_origin, api_cache = self._page_origin(), api_cache_policy(self, "ApiCache")
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment="WebSocket Spaces",
            default_root_object="index.html",
            price_class=cloudfront.PriceClass.PRICE_CLASS_100,
            error_responses=self._uncached_errors(),
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            domain_names=[domain.name] if domain else None,
            certificate=self._certificate(domain),
            minimum_protocol_version=_MINIMUM_TLS if domain else None,
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
                **self._streams(stream_origin, viewers, headers, api_cache),
                "/v1/*": cloudfront.BehaviorOptions(
                    origin=api_origin,
                    viewer_protocol_policy=viewers,
                    response_headers_policy=headers,
                    allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
                    cache_policy=api_cache,
                    origin_request_policy=api_request_policy(self, "ApiRequest"),
                ),
            },
        )
        self._acknowledge(own_certificate=own)

    def _streams(
        self,
        origin: cloudfront.IOrigin,
        viewers: cloudfront.ViewerProtocolPolicy,
        headers: cloudfront.ResponseHeadersPolicy,
        api_cache: cloudfront.CachePolicy,
    ) -> dict[str, cloudfront.BehaviorOptions]:
        """Return the behaviors of what is streamed.

        Streams have neither caching nor its collapsing of equal requests. Only calls of the OpenAI
        API and of MCP have the ``Authorization`` that needs the API's cache policy.
        """
        streams = stream_request_policy(self, "StreamRequest")
        policies = {
            "/openai/*": (api_cache, streams),
            "/mcp": (api_cache, mcp_request_policy(self, "McpRequest")),
            "/v1/stream/*": (cloudfront.CachePolicy.CACHING_DISABLED, streams),
        }
        return {
            path: cloudfront.BehaviorOptions(
                origin=origin,
                viewer_protocol_policy=viewers,
                response_headers_policy=headers,
                allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
                cache_policy=cache,
                origin_request_policy=requests,
                compress=False,
            )
            for path, (cache, requests) in policies.items()
        }

    def _certificate(self, domain: SiteDomain | None) -> acm.ICertificate | None:
        if domain is None:
            return None
        return acm.Certificate.from_certificate_arn(self, "Certificate", domain.certificate_arn)

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
            origin_access_control=cloudfront.S3OriginAccessControl(
                self, "PageAccess", origin_access_control_name=account_name(self, "page")
            ),
            origin_access_levels=[cloudfront.AccessLevel.READ, cloudfront.AccessLevel.LIST],
        )

    def _acknowledge(self, *, own_certificate: bool) -> None:
        reasons = {
            "AwsSolutions-CFR1": "The page is public in every country.",
            "AwsSolutions-CFR2": "A web application firewall has a fixed cost.",
            "AwsSolutions-CFR3": "Access logs are stored objects that cost money.",
            "AwsSolutions-CFR5": "Only the local cloud connects to its origin without TLS.",
        }
        if not own_certificate:
            reasons["AwsSolutions-CFR4"] = (
                "CloudFront's default certificate cannot require TLS 1.2; set domain_name."
            )
        reasons["Annotation::@aws-cdk/aws-cloudfront-origins:listBucketSecurityRisk"] = (
            "A default root object is set, so the bucket's listing is never shown."
        )
        for rule, reason in reasons.items():
            acknowledge(self.distribution, rule, reason)
