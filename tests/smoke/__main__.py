"""Try a deployed gateway as a person would, and settle what no document of AWS settles.

With --url and --token, it uses a space that exists: create one (public, with the features prompt
and file, no worker) and a worker token for it. With --stage and AWS credentials, it creates a space
of its own, also answers the lines that need an operator, and deletes the space at the end.

Paste the table into an issue.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated, Any, Final

import boto3
import httpx
import typer
from rich.console import Console
from websockets.exceptions import WebSocketException

from infra.admin.calls import admin_function
from infra.admin.stage_clients import EXPECTED, gateway_of, run
from infra.local.cloud import DEFAULT_PORT, STAGE, local_cloud
from infra.outputs import stack_outputs
from tests.smoke import long_lines, main_flow, operator_lines, socket_lines
from tests.smoke.findings import Finding, Verdict, failed, table, untried
from tests.smoke.target import Operator, SmokeError, Target, read_config

_WITHOUT_AWS: Final = (
    "PostToConnection of 33,000 and 100,000 bytes",
    "ping refreshes lastActiveAt",
    "Fn::GetAtt ClientSecret",
    "auto-deploy of the WebSocket stage",
    "create a schedule for the past (at() 5 s ago)",
    "create a schedule group again right after its deletion",
    "an API that was just deleted: @connections answers",
    "initialisation of authorize and connect",
)
"""The lines that need an operator."""

app = typer.Typer(add_completion=False)
console = Console(highlight=False, soft_wrap=True)
progress = Console(highlight=False, soft_wrap=True, stderr=True)


@app.command(help=__doc__)
def smoke(
    *,
    url: Annotated[str | None, typer.Option(help="The page's URL (output PageUrl).")] = None,
    token: Annotated[
        str | None, typer.Option(envvar="SPACES_TOKEN", help="A worker token, wst_….")
    ] = None,
    space: Annotated[
        str | None, typer.Option(help="The space to use; the token's only space by default.")
    ] = None,
    key: Annotated[
        str | None, typer.Option(envvar="SPACES_KEY", help="An API key, if it is not public.")
    ] = None,
    stage: Annotated[
        str | None, typer.Option(help="A stage of your AWS account, instead of URL and token.")
    ] = None,
    port: Annotated[
        int, typer.Option(help="Port of the local cloud, for the stage local.")
    ] = DEFAULT_PORT,
    long: Annotated[
        bool, typer.Option("--long", help="Also wait two hours for what ends.")
    ] = False,
) -> None:
    """Print a line for each step, then the table; exit with 1 if the main flow fails."""
    # make passes what was not given as an empty text.
    token, key = token or None, key or None
    if (stage is None) == (url is None or token is None):
        raise SmokeError("Give URL=… and TOKEN=…, or STAGE=… with AWS credentials.")
    findings: list[Finding] = []
    operator = None if stage is None else _operator(stage, port)
    try:
        asyncio.run(_collect(findings, operator, url, token, space, key, long=long))
    except (httpx.HTTPError, WebSocketException) as error:
        raise SmokeError(f"The gateway did not answer: {type(error).__name__}: {error}") from error
    finally:
        if findings:
            console.print(table(findings), markup=False)
    raise typer.Exit(int(failed(findings)))


async def _collect(
    findings: list[Finding],
    operator: Operator | None,
    url: str | None,
    token: str | None,
    space: str | None,
    key: str | None,
    *,
    long: bool,
) -> None:
    made = None
    if operator is not None:
        url = operator_lines.page_url_of(operator)
        space, token = operator_lines.make_space(operator)
        made = space
    try:
        target = await find_target(str(url), str(token), space, key, operator)
        async for finding in everything(target, long=long):
            _tell(finding)
            findings.append(finding)
    finally:
        if operator is not None and made is not None:
            removed = operator_lines.remove_space(operator, made)
            _tell(removed)
            findings.append(removed)


async def find_target(
    url: str, token: str, space: str | None, key: str | None, operator: Operator | None
) -> Target:
    """Return the gateway at a page's URL, and the space that the token is for.

    Raises:
        SmokeError: there is no such page, or the token is for no or several spaces.
    """
    page_url = f"{url.rstrip('/')}/"
    parts: dict[str, Any] = {"page_url": page_url, "config": await read_config(page_url)}
    target = Target(**parts, token=token, space=space or "", key=key, operator=operator)
    if space:
        return target
    try:
        spaces = await socket_lines.spaces_of(target)
    except (OSError, WebSocketException) as error:
        raise SmokeError(
            f"The gateway did not accept the token ({type(error).__name__}: {error}). Create one: "
            "python -m infra.admin create-token SPACE"
        ) from error
    if len(spaces) != 1:
        raise SmokeError(f"The token is for {len(spaces)} spaces. Name one of them: SPACE=…")
    return Target(**parts, token=token, space=spaces[0], key=key, operator=operator)


async def everything(target: Target, *, long: bool) -> AsyncIterator[Finding]:
    """Yield all lines that can be tried with the given credentials."""
    async for finding in main_flow.play(target):
        yield finding
    async for finding in socket_lines.ask(target):
        yield finding
    if target.operator is not None:
        async for finding in operator_lines.ask(target, target.operator):
            yield finding
    else:
        for line in _WITHOUT_AWS:
            yield untried(line, "see docs/operations.md", "needs AWS credentials: STAGE=…")
    if long:
        progress.print("Waiting two hours; deploy once meanwhile to see whether that cuts …")
        async for finding in long_lines.ask(target):
            yield finding


def _tell(finding: Finding) -> None:
    colour = {Verdict.OK: "green", Verdict.DIFFERS: "red", Verdict.UNKNOWN: "dim"}[finding.verdict]
    progress.print(f"[{colour}]{finding.verdict:<8}[/] {finding.line}: ", end="")
    progress.print(finding.seen, markup=False)


def _operator(stage: str, port: int) -> Operator:
    if stage == STAGE:
        cloud = local_cloud(port)
        outputs = stack_outputs(cloud.aws("cloudformation"), f"spaces-{stage}-service")
        admin = admin_function(cloud.aws("lambda"), outputs["AdminFunctionName"], "smoke test")
        local = partial(_local_client, cloud.aws)
        return operator_lines.operator_of(stage, local, admin)
    session = boto3.Session(region_name=os.environ.get("AWS_REGION") or None)
    return operator_lines.operator_of(stage, session.client, gateway_of(stage))


def _local_client(aws: Any, service: str, endpoint_url: str | None = None) -> Any:
    # The emulator's addresses of APIs have a path that only it knows.
    client = aws(service)
    if endpoint_url is None:
        return client
    return boto3.client(  # type: ignore[call-overload]
        service,
        endpoint_url=endpoint_url,
        region_name=client.meta.region_name,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


if __name__ == "__main__":
    run(app, SmokeError, *EXPECTED)
