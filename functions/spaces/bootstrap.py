"""The composition root: assembles the adapters once per process."""

import secrets
import time
from collections.abc import Callable
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from spaces.adapters import aws
from spaces.adapters.dynamodb.chunk_items import ChunkItems
from spaces.adapters.dynamodb.connection_items import ConnectionTable
from spaces.adapters.dynamodb.credential_items import CredentialItems
from spaces.adapters.dynamodb.declaration_items import DeclarationItems
from spaces.adapters.dynamodb.kept_items import KeptItems
from spaces.adapters.dynamodb.payloads import Payloads
from spaces.adapters.dynamodb.presentation_items import PresentationItems
from spaces.adapters.dynamodb.quota_items import QuotaItems
from spaces.adapters.dynamodb.request_items import RequestTable
from spaces.adapters.dynamodb.space_items import SpaceTable
from spaces.adapters.files import FileBucket
from spaces.adapters.one_shot_runs import Clients, TimerTarget
from spaces.adapters.signing import Signer
from spaces.adapters.sockets import ConnectionsApi
from spaces.adapters.sweep_timers import Schedules
from spaces.observability import log_event
from spaces.services.ports.gateway import Gateway
from spaces.settings import FunctionSettings

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

    from spaces.adapters.dynamodb.audit_items import AuditItems
    from spaces.adapters.dynamodb.request_history import RequestLists
    from spaces.adapters.people import CognitoPeople
    from spaces.adapters.webhook_sender import HttpsSender
    from spaces.adapters.webhook_tries import FunctionTries


class MissingSetting(RuntimeError):
    """A function uses a resource that its environment does not name."""


@cache
def gateway() -> Gateway:
    """Return the gateway configured by this process's environment."""
    return build_gateway(FunctionSettings.from_environment())


def build_gateway(settings: FunctionSettings) -> Gateway:
    """Assemble the adapters; those without settings fail when used."""
    return Gateway(
        spaces=_if_set("SPACES_TABLE", settings.spaces_table, _spaces),
        requests=_if_set("REQUESTS_TABLE", settings.requests_table, _requests(settings)),
        connections=_if_set("CONNECTIONS_TABLE", settings.connections_table, _connections),
        sockets=_if_set("SOCKET_ENDPOINT", settings.socket_endpoint, _sockets),
        timers=_if_set("SCHEDULE_GROUP", settings.schedule_group, _timers(settings)),
        tokens=_if_set("SPACES_TABLE", settings.spaces_table, _tokens),
        keys=_if_set("SPACES_TABLE", settings.spaces_table, _keys),
        quotas=_if_set("SPACES_TABLE", settings.spaces_table, _quotas),
        audit=_Deferred(lambda: _if_set("SPACES_TABLE", settings.spaces_table, _audit)),
        history=_Deferred(lambda: _if_set("REQUESTS_TABLE", settings.requests_table, _history)),
        files=_files(settings),
        chunks=_if_set("REQUESTS_TABLE", settings.requests_table, _chunks),
        declarations=_if_set("SPACES_TABLE", settings.spaces_table, _declarations),
        presentations=_if_set("SPACES_TABLE", settings.spaces_table, _presentations),
        people=_Deferred(lambda: _if_set("USER_POOL_ID", settings.user_pool_id, _people)),
        webhook_tries=_Deferred(
            lambda: _if_set("WEBHOOK_ARN", settings.webhook_arn, _tries(settings))
        ),
        webhook_sender=_Deferred(lambda: _sender(settings)),
        now=milliseconds_now,
        random_text=random_text,
        log_event=log_event,
        files_url=settings.files_url,
        api_url=settings.api_url,
        page_url=settings.page_url,
        webhooks_to_loopback=settings.webhooks_to_loopback,
    )


def milliseconds_now() -> int:
    """Return the time in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def random_text() -> str:
    """Return 128 random bits in 22 characters of unpadded base64url."""
    return secrets.token_urlsafe(16)


class _Unset:
    """Stands in for an adapter that this function does not have."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> object:
        raise MissingSetting(f"{self._name} is not set in the environment of this function")


class _Deferred:
    """Stands in for an adapter that is imported at first use; most functions never use it."""

    def __init__(self, build: Callable[[], Any]) -> None:
        self._build = cache(build)

    def __getattr__(self, attribute: str) -> Any:  # noqa: ANN401 - the adapter's own
        return getattr(self._build(), attribute)


def _if_set(name: str, value: str | None, build: Callable[[str], Any]) -> Any:  # noqa: ANN401
    return build(value) if value else _Unset(name)


@cache
def _tables() -> "DynamoDBClient":
    client: Any = KeptItems(aws.dynamodb(), milliseconds_now)
    return client  # type: ignore[no-any-return]


def _spaces(table: str) -> SpaceTable:
    return SpaceTable(_tables(), table, random_text)


def _tokens(table: str) -> CredentialItems:
    return CredentialItems(_tables(), table, "worker_token")


def _keys(table: str) -> CredentialItems:
    return CredentialItems(_tables(), table, "api_key")


def _audit(table: str) -> "AuditItems":
    from spaces.adapters.dynamodb.audit_items import AuditItems  # noqa: PLC0415 - see _Deferred

    return AuditItems(_tables(), table)


def _history(table: str) -> "RequestLists":
    from spaces.adapters.dynamodb.request_history import RequestLists  # noqa: PLC0415 - likewise

    return RequestLists(_tables(), table)


def _quotas(table: str) -> QuotaItems:
    return QuotaItems(_tables(), table, random_text)


def _connections(table: str) -> ConnectionTable:
    return ConnectionTable(_tables(), table)


def _sockets(endpoint: str) -> ConnectionsApi:
    return ConnectionsApi(partial(aws.connections_api, endpoint), log_event)


def _timers(settings: FunctionSettings) -> Callable[[str], Schedules]:
    def build(group: str) -> Schedules:
        target = TimerTarget(group, settings.sweep_arn or "", settings.sweep_role_arn or "")
        return Schedules(Clients(aws.scheduler, aws.functions), target, milliseconds_now)

    return build


def _tries(settings: FunctionSettings) -> "Callable[[str], FunctionTries]":
    def build(function_arn: str) -> "FunctionTries":
        from spaces.adapters.webhook_tries import FunctionTries  # noqa: PLC0415 - see _Deferred

        target = TimerTarget(
            settings.schedule_group or "", function_arn, settings.sweep_role_arn or ""
        )
        return FunctionTries(Clients(aws.scheduler, aws.functions), target)

    return build


def _sender(settings: FunctionSettings) -> "HttpsSender":
    from spaces.adapters.webhook_sender import HttpsSender  # noqa: PLC0415 - see _Deferred

    return HttpsSender(loopback=settings.webhooks_to_loopback)


def _people(pool_id: str) -> "CognitoPeople":
    from spaces.adapters.people import CognitoPeople  # noqa: PLC0415 - see _Deferred

    return CognitoPeople(aws.user_pools, pool_id)


def _chunks(table: str) -> ChunkItems:
    return ChunkItems(_tables(), table)


def _declarations(table: str) -> DeclarationItems:
    return DeclarationItems(_tables(), table)


def _presentations(table: str) -> PresentationItems:
    return PresentationItems(_tables(), table)


def _files(settings: FunctionSettings) -> FileBucket:
    def build(bucket: str) -> FileBucket:
        signer = Signer(aws.signature, bucket, settings.files_url or "")
        return FileBucket(aws.s3, bucket, signer)

    bucket: FileBucket = _if_set("FILES_BUCKET", settings.files_bucket, build)
    return bucket


def _requests(settings: FunctionSettings) -> Callable[[str], RequestTable]:
    def build(table: str) -> RequestTable:
        client = _tables()
        payloads = Payloads(client, table, _files(settings))
        return RequestTable(client, table, settings.spaces_table or "", payloads, random_text)

    return build
