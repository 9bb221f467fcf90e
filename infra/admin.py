"""Administration of a deployed gateway from a terminal: ``python -m infra.admin``.

It invokes the admin function, so it works for whoever may do that by IAM. boto3's usual
variables choose account, region and, with ``AWS_ENDPOINT_URL``, an emulator.
"""

import json
from collections.abc import Mapping
from typing import Annotated, Any, Protocol

import boto3
import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console

from infra.outputs import StackNotDeployed, stack_outputs

console = Console(highlight=False)
app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)

Field = str | float | bool | list[str] | None
"""A field of a space's definition; None takes the gateway's default."""

SpaceName = Annotated[str, typer.Argument(help="Unique name: a-z, 0-9 and -.")]
SpaceNames = Annotated[list[str], typer.Argument(help="Spaces that a worker may serve with it.")]
Stage = Annotated[str, typer.Option(help="Stage that the gateway was deployed as.")]
Title = Annotated[str | None, typer.Option(help="What people see; the name by default.")]
Description = Annotated[str | None, typer.Option(help="One line about the space.")]
Timeout = Annotated[float | None, typer.Option(help="Seconds that a worker has for a request.")]
QueueTimeout = Annotated[float | None, typer.Option(help="Seconds that a request may wait.")]
MaxWorkers = Annotated[int | None, typer.Option(help="Workers at the same time.")]
MaxQueueLength = Annotated[int | None, typer.Option(help="Requests that may wait.")]
Prefetch = Annotated[
    bool | None,
    typer.Option(help="Hand the worker one request beyond its capacity, to hide the round trip."),
]
Label = Annotated[str | None, typer.Option(help="Who or what uses the token.")]
ExpiresDays = Annotated[int | None, typer.Option(help="Days until the token expires.")]


class Refused(RuntimeError):
    """The gateway did not do what was asked; the text says why."""


class Admin(Protocol):
    """Carries an order to the admin function and returns its answer."""

    def __call__(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer.

        Raises:
            Refused: the gateway did not do it.
        """


def admin_function(
    lambda_client: Any,  # noqa: ANN401 - boto3's client; its type stubs are large
    function_name: str,
) -> Admin:
    """Return what invokes the admin function of a gateway."""

    def invoke(order: Mapping[str, Any]) -> dict[str, Any]:
        payload = json.dumps({name: value for name, value in order.items() if value is not None})
        response = lambda_client.invoke(FunctionName=function_name, Payload=payload.encode())
        answer: dict[str, Any] = json.loads(response["Payload"].read() or b"{}") or {}
        if "FunctionError" in response:
            raise Refused("The admin function failed; its log says why.")
        if "error_type" in answer:
            raise Refused(str(answer["detail"]))
        return answer

    return invoke


def create_space(admin: Admin, space: str, **fields: Field) -> None:
    """Create a space; fields that are None take the gateway's defaults.

    Raises:
        Refused: the gateway did not create it.
    """
    admin({"action": "create_space", "space": space, **fields})


def create_token(
    admin: Admin, spaces: list[str], *, label: str | None = None, expires_in_days: int | None = None
) -> str:
    """Create a worker token for spaces and return it; it is not stored anywhere else.

    Raises:
        Refused: the gateway did not create it.
    """
    order = {"spaces": spaces, "label": label, "expires_in_days": expires_in_days}
    return str(admin({"action": "create_token", **order})["token"])


def _deployed(stage: str) -> Admin:
    outputs = stack_outputs(boto3.client("cloudformation"), f"spaces-{stage}-service")
    return admin_function(boto3.client("lambda"), outputs["AdminFunctionName"])


@app.command("create-space")
def create_space_command(
    name: SpaceName,
    *,
    stage: Stage = "dev",
    title: Title = None,
    description: Description = None,
    timeout: Timeout = None,
    queue_timeout: QueueTimeout = None,
    max_workers: MaxWorkers = None,
    max_queue_length: MaxQueueLength = None,
    prefetch: Prefetch = None,
) -> None:
    """Create a space."""
    create_space(
        _deployed(stage),
        name,
        title=title,
        description=description,
        timeout_seconds=timeout,
        queue_timeout_seconds=queue_timeout,
        max_workers=max_workers,
        max_queue_length=max_queue_length,
        prefetch=prefetch,
    )
    console.print(f"Created the space [bold]{name}[/]. Next: create-token {name}")


@app.command("create-token")
def create_token_command(
    spaces: SpaceNames,
    *,
    stage: Stage = "dev",
    label: Label = None,
    expires_days: ExpiresDays = None,
) -> None:
    """Create a worker token; it is shown once."""
    token = create_token(_deployed(stage), spaces, label=label, expires_in_days=expires_days)
    console.print("The token, shown this once:")
    console.print(token, style="bold", soft_wrap=True)


def run(application: typer.Typer, *expected: type[Exception]) -> None:
    """Run a command line; expected errors end with their sentence instead of a traceback."""
    try:
        application()
    except expected as error:
        Console(stderr=True, highlight=False).print(f"[red]Error:[/] {error}")
        raise SystemExit(1) from error


if __name__ == "__main__":
    run(app, Refused, StackNotDeployed, BotoCoreError, ClientError)
