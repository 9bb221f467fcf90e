"""Addresses of a stage's endpoints, on AWS or on the local emulator."""

from aws_cdk import Duration, Fn, Stack
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3

from infra.settings import Settings


class Addresses:
    """Addresses of one stage."""

    def __init__(self, stack: Stack, settings: Settings) -> None:
        self._stack = stack
        self._port = settings.emulator_port
        self._domain = settings.domain_name
        self._stream_port = settings.stream_port
        self._socket_domain = settings.socket_domain_name

    @property
    def _emulator(self) -> str:
        return f"http://localhost:{self._port}"

    @staticmethod
    def _emulator_path(api_id: str) -> str:
        return f"/_aws/execute-api/{api_id}"

    def _host(self, api_id: str) -> str:
        return f"{api_id}.execute-api.{self._stack.region}.{self._stack.url_suffix}"

    def _endpoint(self, api_id: str) -> str:
        if self._port is None:
            return f"https://{self._host(api_id)}"
        return f"{self._emulator}{self._emulator_path(api_id)}"

    def api(self, api_id: str) -> str:
        """Return the base URL of the REST API, without ``/v1``."""
        return f"https://{self._domain}" if self._domain else self._endpoint(api_id)

    def socket(self, api_id: str, stage: str) -> str:
        """Return the WebSocket URL for workers."""
        if self._socket_domain:
            return f"wss://{self._socket_domain}/{stage}"
        address = f"{self._endpoint(api_id)}/{stage}"
        return f"wss://{address[8:]}" if self._port is None else f"ws://{address[7:]}"

    def connections(self, api_id: str, stage: str) -> str:
        """Return the endpoint of the @connections API.

        It is never on a domain of the stage's own: the SDK's path has the stage in it, which is
        refused there (serverless/serverless-websockets-plugin#6).
        """
        return f"{self._endpoint(api_id)}/{stage}"

    def api_origin(self, api_id: str, headers: dict[str, str]) -> origins.HttpOrigin:
        """Return the REST API as a CloudFront origin.

        Args:
            api_id: the id of the HTTP API.
            headers: headers that CloudFront adds to each call.
        """
        if self._port is None:
            return origins.HttpOrigin(
                self._host(api_id),
                protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
                custom_headers=headers,
            )
        # The emulator's CloudFront does not resolve AWS host names.
        return origins.HttpOrigin(
            "localhost",
            http_port=self._port,
            origin_path=self._emulator_path(api_id),
            protocol_policy=cloudfront.OriginProtocolPolicy.HTTP_ONLY,
            custom_headers=headers,
        )

    def stream_origin(
        self, url: lambda_.IFunctionUrl, headers: dict[str, str]
    ) -> origins.HttpOrigin:
        """Return the streaming function as a CloudFront origin.

        Args:
            url: its Function URL.
            headers: headers that CloudFront adds to each call.
        """
        return origins.HttpOrigin(
            Fn.select(2, Fn.split("/", url.url)),
            protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
            custom_headers=headers,
            # An idle stream sends something every ten seconds.
            read_timeout=Duration.seconds(60),
            keepalive_timeout=Duration.seconds(60),
        )

    def stream_apart(self) -> str | None:
        """Return the origin of streams if it is not the page's own."""
        return None if self._port is None else f"http://localhost:{self._stream_port}"

    def stream(self, distribution: cloudfront.IDistribution) -> str:
        """Return the base URL of streams and of the OpenAI API, without a trailing slash.

        The emulator's CloudFront buffers, so the local cloud has a front of its own for them.
        """
        host = self._domain or distribution.distribution_domain_name
        return self.stream_apart() or f"https://{host}"

    def page(self, distribution: cloudfront.IDistribution) -> str:
        """Return the page's URL, with a trailing slash."""
        return self.pages(distribution)[0]

    def pages(self, distribution: cloudfront.IDistribution) -> list[str]:
        """Return the URLs that the page can be opened at, the one to tell people first.

        CloudFront's own address keeps working when a stage gets a domain.
        """
        own = [f"https://{self._domain}/"] if self._domain else []
        return [*own, self._distribution(distribution)]

    def _distribution(self, distribution: cloudfront.IDistribution) -> str:
        domain = distribution.distribution_domain_name
        if self._port is None:
            return f"https://{domain}/"
        label = Fn.select(0, Fn.split(".", domain))
        return f"http://{label}.cloudfront.localhost:{self._port}/"

    def sign_in(self, domain: cognito.UserPoolDomain) -> str:
        """Return the base URL of the sign-in pages, without a trailing slash."""
        return domain.base_url() if self._port is None else self._emulator

    def files(self, bucket: s3.IBucket) -> str:
        """Return the origin of presigned URLs."""
        if self._port is None:
            return f"https://{bucket.bucket_regional_domain_name}"
        return self._emulator

    def objects(self, bucket: s3.IBucket) -> str:
        """Return the URL prefix of a bucket's keys."""
        origin = self.files(bucket)
        return origin if self._port is None else f"{origin}/{bucket.bucket_name}"
