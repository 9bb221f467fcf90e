"""Open lines that need AWS credentials. What a line creates, it deletes again."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from time import monotonic, sleep
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError
from websockets.exceptions import WebSocketException

from infra.admin import admin_client
from infra.admin.calls import Refused
from infra.outputs import stack_outputs
from tests.smoke.findings import NOT_SETTLED, Finding, found, noted, untried
from tests.smoke.socket_lines import bare_connection, frame
from tests.smoke.target import Operator, Target

EDGE_KEY: Final = re.compile(r"[a-z0-9]{40,}")
POSTED_BYTES: Final = (33_000, 100_000)
_GONE_API: Final = "an API that was just deleted: @connections answers"
_PAST: Final = "create a schedule for the past (at() 5 s ago)"
_GROUP: Final = "create a schedule group again right after its deletion"
_NEXT: Final = "a group of this name can be created"

Line = Callable[[], Finding]


async def ask(target: Target, operator: Operator) -> AsyncIterator[Finding]:
    """Yield the lines."""
    try:
        for finding in await _posted(target, operator):
            yield finding
    except (WebSocketException, OSError, Refused) as error:
        yield untried("PostToConnection", "arrives", reason_of(error))
    lines: list[Line] = [
        lambda: _edge_key(operator),
        lambda: _deployment(operator),
        lambda: _schedule_in_the_past(operator),
        lambda: _group_again(operator),
        lambda: _deleted_api(operator),
        lambda: _cold_starts(operator),
    ]
    for line in lines:
        yield await asyncio.to_thread(line)


def reason_of(error: Exception) -> str:
    """Return what an AWS call answered, with its HTTP status."""
    if isinstance(error, ClientError):
        details: Any = error.response
        status = details.get("ResponseMetadata", {}).get("HTTPStatusCode", "?")
        message = str(details["Error"].get("Message", ""))[:120]
        return f"{status} {details['Error'].get('Code')}: {message}".rstrip(": ")
    return f"{type(error).__name__}: {str(error)[:120]}"


async def _posted(target: Target, operator: Operator) -> list[Finding]:
    """Post large messages to a connection of our own, and see what its ping does to it."""
    async with bare_connection(target) as socket:
        mine = await _connection_id(operator, socket)
        if mine is None:
            why = "the connection was not in the list of workers"
            return [
                untried(f"PostToConnection of {n:,} bytes", "arrives", why) for n in POSTED_BYTES
            ]
        endpoint = target.socket_url.replace("ws", "http", 1)
        sockets = operator.connect("apigatewaymanagementapi", endpoint_url=endpoint)
        findings = []
        for size in POSTED_BYTES:
            line = f"PostToConnection of {size:,} bytes"
            data = b"x" * size
            try:
                await asyncio.to_thread(sockets.post_to_connection, ConnectionId=mine, Data=data)
                text = await frame(socket, 10) or ""
                seen = f"arrived with {len(text):,} bytes" if text else "did not arrive"
                findings.append(found(line, "arrives", seen, as_expected=len(text) == size))
            except (ClientError, BotoCoreError) as error:
                findings.append(found(line, "arrives", reason_of(error), as_expected=False))
        findings.append(await _active(sockets, mine, socket))
    return findings


async def _connection_id(operator: Operator, socket: Any) -> str | None:
    """Register without spaces, so that the connection is listed, and return its id."""
    name = socket.request.headers["X-Worker-Id"]
    await socket.send(f'{{"action": "register", "session": "{token_hex(2)}", "spaces": []}}')
    await frame(socket, 10)
    ends = monotonic() + 20
    while monotonic() < ends:
        workers = await asyncio.to_thread(
            lambda: list(admin_client.listed(operator.admin, "workers"))
        )
        for worker in workers:
            if worker.get("worker_id") == name:
                return str(worker["connection_id"])
        await asyncio.sleep(1)
    return None


async def _active(sockets: Any, mine: str, socket: Any) -> Finding:
    line, expected = "ping refreshes lastActiveAt", "yes"
    try:
        first: Any = await asyncio.to_thread(sockets.get_connection, ConnectionId=mine)
        await asyncio.sleep(3)
        await socket.send('{"action": "ping"}')
        await asyncio.sleep(3)
        second: Any = await asyncio.to_thread(sockets.get_connection, ConnectionId=mine)
    except (ClientError, BotoCoreError) as error:
        return untried(line, expected, reason_of(error))
    before, after = first.get("LastActiveAt"), second.get("LastActiveAt")
    if before is None:
        return untried(line, expected, "GetConnection has no lastActiveAt that boto3 can read")
    return found(line, expected, f"{before} → {after}", as_expected=after > before)


def _edge_key(operator: Operator) -> Finding:
    line, expected = "Fn::GetAtt ClientSecret", "a random key of 40 or more of a-z and 0-9"
    try:
        functions = operator.connect("lambda")
        api = _physical_id(operator, "AWS::Lambda::Function", "ApiFunction")
        settings: Any = functions.get_function_configuration(FunctionName=api)
        key = settings["Environment"]["Variables"]["EDGE_KEY"]
    except (ClientError, BotoCoreError, KeyError, LookupError) as error:
        return untried(line, expected, reason_of(error))
    right = EDGE_KEY.fullmatch(key) is not None
    # Never the key itself, but a sentence in its place is no secret.
    seen = f"{len(key)} characters" if right or " " not in key else key[:100]
    return found(line, expected, seen, as_expected=right)


def _physical_id(operator: Operator, type_: str, start: str) -> str:
    pages = operator.connect("cloudformation").get_paginator("list_stack_resources")
    for page in pages.paginate(StackName=operator.service_stack):
        for each in page["StackResourceSummaries"]:
            if each["ResourceType"] == type_ and each["LogicalResourceId"].startswith(start):
                return str(each["PhysicalResourceId"])
    raise LookupError(f"{operator.service_stack} has no {type_} {start}…")


def _deployment(operator: Operator) -> Finding:
    line, expected = "auto-deploy of the WebSocket stage", "a deployment, without an error"
    try:
        api = _physical_id(operator, "AWS::ApiGatewayV2::Api", "Sockets")
        stage: Any = operator.connect("apigatewayv2").get_stages(ApiId=api)["Items"][0]
    except (ClientError, BotoCoreError, KeyError, LookupError) as error:
        return untried(line, expected, reason_of(error))
    message = stage.get("LastDeploymentStatusMessage")
    seen = f"deployment {stage.get('DeploymentId', 'missing')}; {message or 'no message'}"
    as_expected = "DeploymentId" in stage and "fail" not in str(message).lower()
    return found(line, expected, seen, as_expected=as_expected)


def _schedule_in_the_past(operator: Operator) -> Finding:
    name = f"smoke-{token_hex(4)}"
    past = datetime.now(UTC) - timedelta(seconds=5)
    try:
        scheduler = operator.connect("scheduler")
        role = operator.connect("iam").get_role(
            RoleName=_physical_id(operator, "AWS::IAM::Role", "SweepTimerRole")
        )["Role"]["Arn"]
        functions = operator.connect("lambda")
        sweep = functions.get_function_configuration(
            FunctionName=_physical_id(operator, "AWS::Lambda::Function", "SweepFunction")
        )["FunctionArn"]
    except (ClientError, BotoCoreError, LookupError) as error:
        return untried(_PAST, NOT_SETTLED, reason_of(error))
    try:
        scheduler.create_schedule(
            Name=name,
            ScheduleExpression=f"at({past:%Y-%m-%dT%H:%M:%S})",
            FlexibleTimeWindow={"Mode": "OFF"},
            ActionAfterCompletion="DELETE",
            # If it is invoked, it looks at a space that does not exist.
            Target={"Arn": sweep, "RoleArn": role, "Input": f'{{"space": "{name}", "at": 0}}'},
        )
    except (ClientError, BotoCoreError) as error:
        return noted(_PAST, reason_of(error))
    with suppress(ClientError, BotoCoreError):
        scheduler.delete_schedule(Name=name)
    return noted(_PAST, "accepted")


def _group_again(operator: Operator) -> Finding:
    name = f"smoke-{token_hex(4)}"
    scheduler = operator.connect("scheduler")
    try:
        scheduler.create_schedule_group(Name=name)
        scheduler.delete_schedule_group(Name=name)
    except (ClientError, BotoCoreError) as error:
        return untried(_GROUP, NOT_SETTLED, reason_of(error))
    began, first = monotonic(), None
    while monotonic() - began < 120:
        try:
            scheduler.create_schedule_group(Name=name)
            break
        except (ClientError, BotoCoreError) as error:
            first = first or reason_of(error)
            # AWS deletes groups in the background.
            sleep(5)
    with suppress(ClientError, BotoCoreError):
        scheduler.delete_schedule_group(Name=name)
    if first is None:
        return noted(_GROUP, "accepted at once")
    return noted(_GROUP, f"{first}; {_NEXT} after {monotonic() - began:.0f} s")


def _deleted_api(operator: Operator) -> Finding:
    gateway = operator.connect("apigatewayv2")
    try:
        api: Any = gateway.create_api(
            Name=f"smoke-{token_hex(4)}",
            ProtocolType="WEBSOCKET",
            RouteSelectionExpression="$request.body.action",
        )
        gateway.create_stage(ApiId=api["ApiId"], StageName="v1")
        gateway.delete_api(ApiId=api["ApiId"])
    except (ClientError, BotoCoreError) as error:
        return untried(_GONE_API, "403 or 410", reason_of(error))
    endpoint = f"{api['ApiEndpoint'].replace('ws', 'http', 1)}/v1"
    sockets = operator.connect("apigatewaymanagementapi", endpoint_url=endpoint)
    try:
        sockets.get_connection(ConnectionId="AAAAAAAAAAAAAAA=")
    except (ClientError, BotoCoreError) as error:
        seen = reason_of(error)
        expected = seen.startswith(("403", "410"))
        return found(_GONE_API, "403 or 410", seen, as_expected=expected)
    return found(_GONE_API, "403 or 410", "an open connection", as_expected=False)


def _cold_starts(operator: Operator) -> Finding:
    line, expected = (
        "initialisation of authorize and connect",
        "together below 3 s (the client waits 20)",
    )
    try:
        logs = operator.connect("logs")
        times = {name: _initialisation(operator, logs, name) for name in ("Authorize", "Connect")}
    except (ClientError, BotoCoreError, LookupError) as error:
        return untried(line, expected, reason_of(error))
    known = [each for each in times.values() if each is not None]
    if not known:
        return untried(line, expected, "no line with Init Duration in the last hour")
    text = ", ".join(
        f"{name.lower()} {'?' if value is None else f'{value:.0f} ms'}"
        for name, value in times.items()
    )
    return found(line, expected, text, as_expected=sum(known) < 3000)


def _initialisation(operator: Operator, logs: Any, function: str) -> float | None:
    """Return the longest initialisation of the last hour in milliseconds."""
    group = _physical_id(operator, "AWS::Logs::LogGroup", f"{function}Function")
    since = int((datetime.now(UTC) - timedelta(hours=1)).timestamp() * 1000)
    found_lines: Any = logs.filter_log_events(
        logGroupName=group, startTime=since, filterPattern='"Init Duration"'
    )
    texts = [str(each["message"]) for each in found_lines["events"]]
    # "Init Duration: 512.34 ms" of REPORT lines, "initDurationMs" of JSON.
    values = [re.search(r'(?:Init Duration: |initDurationMs": ?)([\d.]+)', text) for text in texts]
    return max((float(each[1]) for each in values if each), default=None)


def operator_of(stage: str, connect: Any, admin: Any) -> Operator:
    """Return what AWS credentials give access to."""
    return Operator(
        stage=stage, connect=connect, admin=admin, service_stack=f"spaces-{stage}-service"
    )


def page_url_of(operator: Operator) -> str:
    """Return the stage's output ``PageUrl``."""
    return stack_outputs(operator.connect("cloudformation"), operator.service_stack)["PageUrl"]


def make_space(operator: Operator) -> tuple[str, str]:
    """Create a space and a token for this run, and return both."""
    space = f"smoke-{token_hex(3)}"
    unlimited = dict.fromkeys(("requests_per_minute", "max_waiting", "upload_bytes_per_day"))
    admin_client.create_space(
        operator.admin,
        space,
        title="Smoke test",
        features=["prompt", "file"],
        anonymous_limits=unlimited,
    )
    token = admin_client.create_token(
        operator.admin, [space], label="smoke test", expires_in_days=1
    )
    return space, token


def remove_space(operator: Operator, space: str) -> Finding:
    """Delete the run's space, which revokes its token."""
    line, expected = "delete the space", "deleted"
    try:
        left = admin_client.delete_space(operator.admin, space)
    except (Refused, ClientError, BotoCoreError) as error:
        return found(line, expected, reason_of(error), as_expected=False, main=True)
    return found(line, expected, f"deleted, {left} cancelled", as_expected=True, main=True)
