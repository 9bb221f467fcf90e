"""A gateway whose every call to the outside is answered by the simulation."""

from datetime import UTC, datetime
from typing import Any, NoReturn

import msgspec
from botocore.exceptions import ClientError

from spaces.adapters.dynamodb.audit_items import AuditItems
from spaces.adapters.dynamodb.chunk_items import ChunkItems
from spaces.adapters.dynamodb.connection_items import ConnectionTable
from spaces.adapters.dynamodb.credential_items import CredentialItems
from spaces.adapters.dynamodb.payloads import Payloads
from spaces.adapters.dynamodb.presentation_items import PresentationItems
from spaces.adapters.dynamodb.quota_items import QuotaItems
from spaces.adapters.dynamodb.request_history import RequestLists
from spaces.adapters.dynamodb.request_items import RequestTable
from spaces.adapters.dynamodb.space_items import SpaceTable
from spaces.adapters.files import FileBucket
from spaces.adapters.one_shot_runs import Clients, TimerTarget
from spaces.adapters.people import CognitoPeople
from spaces.adapters.sockets import ConnectionsApi
from spaces.adapters.sweep_timers import Schedules
from spaces.adapters.webhook_sender import HttpsSender
from spaces.adapters.webhook_tries import FunctionTries
from spaces.services.ports.declaration_store import Declaration
from spaces.services.ports.gateway import Gateway
from spaces_protocol.gateway_messages import UploadPolicy
from tests.simulation.calls import Answer, Call, Item
from tests.simulation.course import Course, wait_for_answer

ETAG = "etag"
"""Of every object; none is ever written twice with another content."""

ETAG = "etag"
"""Of every object; none is ever written twice with another content."""


class Outside:
    """What the clients of the gateway call.

    Attributes:
        course: the use case that goes on now.
    """

    course: Course

    def ask(self, name: str, arguments: Any = None) -> Answer:
        """Return the answer to a call."""
        answer = wait_for_answer(Call(name, arguments))
        if answer.kind == "error":
            _fail(answer.content, None)
        return answer

    def now(self) -> int:
        """Return the time at which the last answer came."""
        return self.course.look_at_time()

    def random_text(self) -> str:
        """Return 22 characters that no other call of any actor gets."""
        return self.course.random_text()


class ConditionFailed(ClientError):
    """The item was not as the write wants it."""


def _fail(code: str, item: Item | None, kind: type[ClientError] = ClientError) -> NoReturn:
    response: dict[str, Any] = {"Error": {"Code": code, "Message": "simulated"}}
    if item is not None:
        response["Item"] = item.value
    raise kind(response, "simulated")


class Tables:
    """The part of boto3's DynamoDB client that the adapters use."""

    class exceptions:  # noqa: N801 - as boto3 names it
        ConditionalCheckFailedException = ConditionFailed

    def __init__(self, outside: Outside) -> None:
        self._outside = outside

    def get_item(self, **asked: Any) -> dict[str, Any]:
        item = self._outside.ask("get_item", asked).content
        return {"Item": item.value} if item else {}

    def batch_get_item(self, **asked: Any) -> dict[str, Any]:
        found: dict[str, list] = {table: [] for table in asked["RequestItems"]}
        for table, item in self._outside.ask("batch_get_item", asked).content:
            if item:
                found[table].append(item.value)
        return {"Responses": found}

    def put_item(self, **asked: Any) -> dict[str, Any]:
        self._write("put_item", asked)
        return {}

    def update_item(self, **asked: Any) -> dict[str, Any]:
        return {"Attributes": self._write("update_item", asked).value}

    def delete_item(self, **asked: Any) -> dict[str, Any]:
        self._outside.ask("delete_item", asked)
        return {}

    def _write(self, name: str, asked: dict[str, Any]) -> Item:
        answer = self._outside.ask(name, asked)
        if answer.kind == "refused":
            told = asked.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
            item = answer.content if told else None
            _fail("ConditionalCheckFailedException", item, ConditionFailed)
        return answer.content


class SocketCalls:
    """The part of boto3's client for @connections that the adapter uses."""

    def __init__(self, outside: Outside) -> None:
        self._outside = outside

    def post_to_connection(self, **asked: Any) -> None:
        answer = self._outside.ask("post", (asked["ConnectionId"], asked["Data"].decode()))
        _raise_unless_fine(answer)

    def delete_connection(self, **asked: Any) -> None:
        _raise_unless_fine(self._outside.ask("close", asked["ConnectionId"]))

    def get_connection(self, **asked: Any) -> dict[str, Any]:
        answer = self._outside.ask("last_active", asked["ConnectionId"])
        _raise_unless_fine(answer)
        return {"LastActiveAt": datetime.fromtimestamp(answer.content / 1000, UTC)}


def _raise_unless_fine(answer: Answer) -> None:
    if answer.kind == "gone":
        _fail("GoneException", None)


class ClockCalls:
    """The part of boto3's client for EventBridge Scheduler that the adapter uses."""

    def __init__(self, outside: Outside) -> None:
        self._outside = outside

    def create_schedule(self, **asked: Any) -> None:
        fired = msgspec.json.decode(asked["Target"]["Input"])
        if "request_id" in fired:
            self._outside.ask("arm_webhook", fired["request_id"])
            return
        if self._outside.ask("arm", _named(fired)).kind == "exists":
            _fail("ConflictException", None)


class FunctionCalls:
    """The part of boto3's client for Lambda that the adapter uses."""

    def __init__(self, outside: Outside) -> None:
        self._outside = outside

    def invoke(self, **asked: Any) -> None:
        fired = msgspec.json.decode(asked["Payload"])
        if "request_id" in fired:
            self._outside.ask("start_webhook", fired["request_id"])
        else:
            self._outside.ask("start", _named(fired))


def _named(fired: dict[str, Any]) -> tuple[str, int, int]:
    return fired["space"], fired["at"], fired.get("ticket", 0)


class ObjectCalls:
    """The part of boto3's client for S3 that the adapter uses."""

    def __init__(self, outside: Outside) -> None:
        self._outside = outside

    def put_object(self, **asked: Any) -> dict[str, Any]:
        self._outside.ask("put_object", asked["Key"])
        return {"ETag": ETAG}

    def copy_object(self, **asked: Any) -> None:
        copied = asked["CopySource"]["Key"], asked["Key"]
        if self._outside.ask("copy_object", copied).kind == "missing":
            _fail("NoSuchKey", None)

    def delete_object(self, **asked: Any) -> None:
        self._outside.ask("delete_object", asked["Key"])


class Bucket(FileBucket):
    """The files bucket with large inputs; workers upload nothing here."""

    def output_policy(self, prefix: str, *, until: int) -> UploadPolicy:  # noqa: ARG002
        """Return what is the same for all requests, so that it makes no other states."""
        return UploadPolicy(url="https://files", fields={}, key_prefix="", max_bytes=0)


class Addresses:
    """Signs; that calls nobody."""

    def presigned_url(self, key: str, *_: Any) -> str:
        return f"https://files/{key}"


class NoDeclarations:
    """The simulated workers declare nothing; reading that is no part of the queue."""

    def find(self, *_: str, consistent: bool = False) -> Declaration:  # noqa: ARG002
        """Nothing was declared."""
        return Declaration()


def scripted_gateway(outside: Outside) -> Gateway:
    """Put the real adapters over clients that answer from the record."""
    tables: Any = Tables(outside)
    sockets: Any = SocketCalls(outside)
    clocks: Any = ClockCalls(outside)
    functions: Any = FunctionCalls(outside)
    objects: Any = ObjectCalls(outside)
    addresses: Any = Addresses()
    files = Bucket(lambda: objects, "files", addresses)
    declarations: Any = NoDeclarations()
    payloads = Payloads(tables, "requests", files)
    clients = Clients(lambda: clocks, lambda: functions)
    target = TimerTarget("clocks", "", "")
    return Gateway(
        spaces=SpaceTable(tables, "spaces", outside.random_text),
        requests=RequestTable(tables, "requests", "spaces", payloads, outside.random_text),
        connections=ConnectionTable(tables, "connections"),
        sockets=ConnectionsApi(lambda: sockets),
        timers=Schedules(clients, target),
        tokens=CredentialItems(tables, "spaces", "worker_token"),
        keys=CredentialItems(tables, "spaces", "api_key"),
        quotas=QuotaItems(tables, "spaces", outside.random_text),
        audit=AuditItems(tables, "spaces"),
        history=RequestLists(tables, "requests"),
        files=files,
        chunks=ChunkItems(tables, "requests"),
        declarations=declarations,
        presentations=PresentationItems(tables, "spaces"),
        people=CognitoPeople(lambda: _fail("NotThere", None), "no-pool"),
        webhook_tries=FunctionTries(clients, target),
        webhook_sender=HttpsSender(),
        now=outside.now,
        random_text=outside.random_text,
        log_event=lambda *_, **__: None,
    )
