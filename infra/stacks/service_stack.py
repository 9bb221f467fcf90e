"""The stack without data: functions, APIs and the page."""

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.access import (
    FUNCTIONS,
    MEMORY,
    OPEN_TO_STRANGERS,
    SOCKET_FUNCTIONS,
    STREAMING,
    USUAL_MEMORY,
)
from infra.code_asset import AWS_TARGET, LOCAL_TARGET, build_code_asset
from infra.components.alarms import PERIOD, Alarms, whole_account
from infra.components.dashboard import OperationsDashboard, Watched
from infra.components.edge_key import edge_key
from infra.components.grants import Resources, environment_for, grant
from infra.components.http_api import Rate, add_http_routes, add_http_stage, http_api
from infra.components.lambda_function import FunctionOptions, GatewayFunction
from infra.components.log_retention import retention
from infra.components.page_config import PageConfig
from infra.components.page_upload import PageUpload
from infra.components.saved_queries import SavedQueries
from infra.components.sign_in import SCOPE, SignIn
from infra.components.socket_domain import socket_domain
from infra.components.static_site import SiteDomain, StaticSite
from infra.components.stream_url import stream_url
from infra.components.sweep_timer import RECURSIVE_LOOP, SweepTimer
from infra.components.websocket_api import STAGE_NAME, add_routes, add_stage, websocket_api
from infra.page import build_page
from infra.page_policy import content_security_policy
from infra.settings import Settings
from infra.stacks.addresses import Addresses
from infra.stacks.data_stack import DataStack
from infra.stacks.options import StackOptions
from spaces import schema


class ServiceStack(Stack):
    """Everything without state. You can delete and redeploy it at any time."""

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
        self._data = data
        self._at = Addresses(self, settings)
        self._sockets = websocket_api(self, "Sockets")
        self._api = http_api(self, "Api")
        self._edge_key = edge_key(self, "EdgeKey", pool=data.identity.pool)
        self._resources = Resources(
            tables=data.tables,
            files=data.files,
            files_url=self._at.objects(data.files),
            sockets=self._sockets,
            socket_stage=STAGE_NAME,
            socket_endpoint=self._at.connections(self._sockets.api_id, STAGE_NAME),
            socket_url=self._at.socket(self._sockets.api_id, STAGE_NAME),
            sweep_timer=SweepTimer(self, "SweepTimer", stage=settings.stage, local=settings.local),
            api_url=self._at.api(self._api.api_id),
            local=settings.local,
            user_pool=data.identity.pool,
            edge_key=self._edge_key,
        )
        self._functions = self._all_functions()
        self._open_sockets()
        self._site = self._static_site()
        self._name_page()
        self._sign_in = SignIn(
            self,
            "SignIn",
            identity=data.identity,
            page_urls=self._at.pages(self._site.distribution),
            local=settings.local,
        )
        self._open_api()
        self._watch()
        self._upload_page()
        self._name_outputs()

    def _all_functions(self) -> dict[str, GatewayFunction]:
        options, timer = self._function_options(), self._resources.sweep_timer
        names = {"sweep": timer.function_name, "webhook": timer.webhook_name}
        functions = {}
        for name, access in FUNCTIONS.items():
            functions[name] = GatewayFunction(
                self,
                f"{name.capitalize()}Function",
                name=name,
                environment=environment_for(access, self._resources),
                options=options,
                function_name=names.get(name),
                reserved_concurrency=self._reserved(name),
                recursive_loop=RECURSIVE_LOOP if name == "sweep" else None,
                memory=MEMORY.get(name, USUAL_MEMORY),
                streaming=name in STREAMING,
            )
            grant(functions[name], access, self._resources)
        return functions

    def _reserved(self, name: str) -> int | None:
        """Return how many calls of a function run at once."""
        if name in STREAMING:
            return self._settings.streams_at_once
        return self._settings.reserved_concurrency if name in OPEN_TO_STRANGERS else None

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
        settings, authorizer = self._settings, self._functions["authorize"].function
        add_routes(self._sockets, by_route, authorizer, local=settings.local)
        stage = add_stage(
            self._sockets,
            requests_per_second=settings.requests_per_second,
            burst=settings.burst,
        )
        name, arn = settings.socket_domain_name, settings.socket_certificate_arn
        if name and arn:
            domain = socket_domain(
                self, "SocketDomain", name=name, certificate_arn=arn, stage=stage
            )
            self._dns_record("SocketDnsRecord", name, domain.regional_domain_name)

    def _dns_record(self, output: str, name: str, target: str) -> None:
        """Print a record to add to the domain's zone, which is the operator's own."""
        CfnOutput(self, output, value=f"{name} CNAME {target}")

    def _static_site(self) -> StaticSite:
        policy = content_security_policy(
            files_origin=self._at.files(self._data.files),
            sign_in_origins=[self._at.sign_in(self._data.identity.domain)],
            stream_origin=self._at.stream_apart(),
        )
        headers = {schema.EDGE_KEY_HEADER: self._edge_key}
        return StaticSite(
            self,
            "Site",
            api_origin=self._at.api_origin(self._api.api_id, headers),
            stream_origin=self._at.stream_origin(
                stream_url(self._functions["stream"].function), headers
            ),
            content_security_policy=policy,
            local=self._settings.local,
            domain=self._site_domain(),
        )

    def _name_page(self) -> None:
        """Tell functions the address of the page, which is made after them: it calls some."""
        url = self._at.page(self._site.distribution)
        for name, access in FUNCTIONS.items():
            if access.page_url:
                self._functions[name].function.add_environment("PAGE_URL", url)

    def _site_domain(self) -> SiteDomain | None:
        name, arn = self._settings.domain_name, self._settings.certificate_arn
        return SiteDomain(name=name, certificate_arn=arn) if name and arn else None

    def _open_api(self) -> None:
        add_http_routes(
            self._api,
            visitors=self._functions["api"].function,
            waiting=self._functions["wait"].function,
            administration=self._functions["admin"].function,
            authorizer=self._sign_in.authorizer,
            scope=SCOPE,
        )
        settings = self._settings
        rate = Rate(requests_per_second=settings.requests_per_second, burst=settings.burst)
        add_http_stage(self._api, rate)

    def _watch(self) -> None:
        """Raise alarms, and show on one page what they look at."""
        settings, timer = self._settings, self._resources.sweep_timer
        alarms = Alarms(self, "Alarms", stage=settings.stage, email=settings.alarm_email)
        failed = timer.catch_failures(
            self._functions["sweep"].function, self._functions["webhook"].function, alarms
        )
        alarms.add(
            "api-errors",
            self._api.metric_server_error(period=PERIOD, statistic="Sum"),
            meaning="Five calls of the REST API failed within five minutes.",
            at_least=5,
        )
        alarms.add(
            "functions-crash",
            whole_account("Errors"),
            meaning="Functions of this account have crashed or timed out for ten minutes.",
            periods=2,
        )
        alarms.add(
            "functions-throttled",
            whole_account("Throttles"),
            meaning="More functions than the account allows have been called for 15 minutes.",
            periods=3,
        )
        log_groups = [each.log_group for each in self._functions.values()]
        watched = Watched(
            log_groups=log_groups,
            api=self._api,
            sockets=self._sockets,
            tables=self._data.tables,
            schedule_group=timer.group_name,
            failed=failed,
            alarms=alarms,
        )
        OperationsDashboard(self, "Dashboard", stage=settings.stage, watched=watched)
        if not settings.local:  # the emulator has no saved queries
            SavedQueries(self, "Queries", stage=settings.stage, log_groups=log_groups)

    def _page_config(self) -> PageConfig:
        return PageConfig(
            issuer=self._data.identity.issuer,
            client_id=self._sign_in.client_id,
            sign_in=self._at.sign_in(self._data.identity.domain),
            socket_url=self._at.socket(self._sockets.api_id, STAGE_NAME),
            api_url=self._at.api(self._api.api_id),
            files_origin=self._at.files(self._data.files),
            stream_origin=self._at.stream_apart(),
        )

    def _upload_page(self) -> None:
        config = self._page_config().as_json()
        if self._settings.local:
            # BucketDeployment needs a Lambda layer of AWS, so the local command uploads instead.
            CfnOutput(self, "PageConfig", value=self.to_json_string(config))
            return
        PageUpload(
            self,
            "Page",
            folder=build_page(),
            config=config,
            bucket=self._site.bucket,
            log_retention=retention(self._settings.log_retention_days),
        )

    def _name_outputs(self) -> None:
        outputs = {
            "PageUrl": self._at.page(self._site.distribution),
            "PageBucket": self._site.bucket.bucket_name,
            "ApiUrl": self._at.api(self._api.api_id),
            "SocketUrl": self._at.socket(self._sockets.api_id, STAGE_NAME),
            "StreamUrl": f"{self._at.stream(self._site.distribution)}/v1/stream",
            "OpenAIUrl": f"{self._at.stream(self._site.distribution)}/openai/v1",
            "McpUrl": f"{self._at.stream(self._site.distribution)}/mcp",
            "StreamFunctionName": self._functions["stream"].function.function_name,
            "AdminFunctionName": self._functions["admin"].function.function_name,
            "PageClientId": self._sign_in.client_id,
        }
        for name, value in outputs.items():
            CfnOutput(self, name, value=value)
        if domain := self._settings.domain_name:
            target = self._site.distribution.distribution_domain_name
            self._dns_record("PageDnsRecord", domain, target)
