"""The stack that can be replaced at any time: functions, APIs, the page."""

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.access import FUNCTIONS, SOCKET_FUNCTIONS
from infra.code_asset import AWS_TARGET, LOCAL_TARGET, build_code_asset
from infra.components.grants import Resources, environment_for, grant
from infra.components.http_api import http_api
from infra.components.lambda_function import FunctionOptions, GatewayFunction
from infra.components.log_retention import retention
from infra.components.page_upload import PageUpload
from infra.components.static_site import StaticSite
from infra.components.sweep_clock import SweepClock
from infra.components.websocket_api import STAGE_NAME, add_routes, add_stage, websocket_api
from infra.page import build_page
from infra.settings import Settings
from infra.stacks.data_stack import DataStack
from infra.stacks.options import StackOptions


class ServiceStack(Stack):
    """Everything without state; it may be deleted and deployed again at any time."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: Settings,
        data: DataStack,
        options: StackOptions,
    ) -> None:
        super().__init__(scope, id_, env=options.env, synthesizer=options.synthesizer)
        self._settings = settings
        self._sockets = websocket_api(self, "Sockets")
        self._resources = Resources(
            tables=data.tables,
            files=data.files,
            sockets=self._sockets,
            socket_stage=STAGE_NAME,
            socket_endpoint=self._socket_endpoint(),
            clock=SweepClock(self, "Clock", stage=settings.stage, local=settings.local),
        )
        self._functions = self._all_functions()
        self._resources.clock.catch_failures(self._functions["sweep"].function)
        self._open_sockets()
        self._api = http_api(
            self,
            "Api",
            function=self._functions["api"].function,
            requests_per_second=settings.requests_per_second,
            burst=settings.burst,
        )
        self._site = StaticSite(self, "Site", api_origin=self._api_origin(), local=settings.local)
        self._upload_page()
        self._name_outputs()

    def _all_functions(self) -> dict[str, GatewayFunction]:
        options = self._function_options()
        functions = {}
        for name, access in FUNCTIONS.items():
            environment = environment_for(access, self._resources)
            functions[name] = GatewayFunction(
                self,
                f"{name.capitalize()}Function",
                name=name,
                environment=environment,
                options=options,
                function_name=self._resources.clock.function_name if name == "sweep" else None,
            )
            grant(functions[name], access, self._resources)
        return functions

    def _function_options(self) -> FunctionOptions:
        settings = self._settings
        target = LOCAL_TARGET if settings.local else AWS_TARGET
        return FunctionOptions(
            code=lambda_.Code.from_asset(str(build_code_asset(target))),
            architecture=lambda_.Architecture.ARM_64,
            log_retention=retention(settings.log_retention_days),
            log_level="INFO",
            tracing=settings.tracing,
        )

    def _open_sockets(self) -> None:
        by_route = {name: self._functions[name].function for name in SOCKET_FUNCTIONS}
        add_routes(self._sockets, by_route, self._functions["authorize"].function)
        add_stage(
            self._sockets,
            requests_per_second=self._settings.requests_per_second,
            burst=self._settings.burst,
        )

    def _socket_endpoint(self) -> str:
        if self._settings.local:
            return f"{self._emulator_url()}{self._emulator_path(self._sockets.api_id)}/{STAGE_NAME}"
        return f"https://{self._api_host(self._sockets.api_id)}/{STAGE_NAME}"

    def _api_origin(self) -> origins.HttpOrigin:
        if not self._settings.local:
            return origins.HttpOrigin(
                self._api_host(self._api.api_id),
                protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
            )
        # The emulator's CloudFront does not resolve AWS host names.
        return origins.HttpOrigin(
            "localhost",
            http_port=self._settings.emulator_port,
            origin_path=self._emulator_path(self._api.api_id),
            protocol_policy=cloudfront.OriginProtocolPolicy.HTTP_ONLY,
        )

    def _api_host(self, api_id: str) -> str:
        return f"{api_id}.execute-api.{self.region}.{self.url_suffix}"

    def _emulator_url(self) -> str:
        return f"http://localhost:{self._settings.emulator_port}"

    @staticmethod
    def _emulator_path(api_id: str) -> str:
        return f"/_aws/execute-api/{api_id}"

    def _upload_page(self) -> None:
        if self._settings.local:
            return  # BucketDeployment needs an AWS layer; the local command uploads instead.
        PageUpload(
            self,
            "Page",
            folder=build_page(),
            bucket=self._site.bucket,
            distribution=self._site.distribution,
            log_retention=retention(self._settings.log_retention_days),
        )

    def _name_outputs(self) -> None:
        distribution = self._site.distribution
        CfnOutput(self, "PageUrl", value=f"https://{distribution.distribution_domain_name}/")
        CfnOutput(self, "PageBucket", value=self._site.bucket.bucket_name)
        CfnOutput(self, "ApiUrl", value=f"https://{self._api_host(self._api.api_id)}")
        CfnOutput(self, "ApiId", value=self._api.api_id)
        socket_host = self._api_host(self._sockets.api_id)
        CfnOutput(self, "SocketUrl", value=f"wss://{socket_host}/{STAGE_NAME}")
        CfnOutput(self, "SocketApiId", value=self._sockets.api_id)
        admin = self._functions["admin"].function
        CfnOutput(self, "AdminFunctionName", value=admin.function_name)
