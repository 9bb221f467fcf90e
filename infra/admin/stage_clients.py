"""Find a deployed gateway with boto3's environment variables; explain errors."""

import os
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlsplit

import boto3
import typer
from botocore import exceptions
from rich.console import Console

from infra.activity.sources import QueryFailed
from infra.admin.audited_people import AuditedUserPool
from infra.admin.calls import Admin, Refused, admin_function
from infra.admin.terminal_text import shown
from infra.encodings import write_any_character
from infra.local.cloud import DEFAULT_PORT, LocalCloud, local_cloud
from infra.local.cloud import STAGE as LOCAL_STAGE
from infra.local.emulator import LocalCloudError
from infra.outputs import StackNotDeployed, stack_outputs
from infra.user_pool import UserPool

_LOCALLY: Final = "For the local cloud: --stage local."
_SIGN_IN_AGAIN: Final = "Your AWS session has expired. Sign in again: aws sso login."
_REMEDIES: Final[Mapping[type[Exception], str]] = MappingProxyType(
    {
        exceptions.NoRegionError: (
            "No AWS region is set. Set AWS_REGION (for example AWS_REGION=eu-central-1), or "
            f"add one to your profile: aws configure set region eu-central-1. {_LOCALLY}"
        ),
        exceptions.NoCredentialsError: (
            "No AWS credentials were found. Choose a profile with AWS_PROFILE=name, or create one: "
            f"aws configure sso. {_LOCALLY}"
        ),
        exceptions.ProfileNotFound: (
            "The profile in AWS_PROFILE does not exist. List your profiles: "
            "aws configure list-profiles."
        ),
        exceptions.UnauthorizedSSOTokenError: _SIGN_IN_AGAIN,
        exceptions.TokenRetrievalError: _SIGN_IN_AGAIN,
    }
)
_CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "AccessDeniedException": "Your AWS identity lacks a permission: {text}",
        "ExpiredToken": "Your AWS credentials have expired. Sign in again.",
        "UserNotFoundException": "This user does not exist. See all users with list-users.",
        "UsernameExistsException": "This user name is taken. See all users with list-users.",
    }
)
EXPECTED: Final = (
    *(
        Refused,
        StackNotDeployed,
        QueryFailed,
        LocalCloudError,
        exceptions.BotoCoreError,
        exceptions.ClientError,
    ),
    OSError,  # such as a folder that cannot be written to
)
"""What a person can cause, or can do something about."""


def gateway_of(stage: str) -> Admin:
    """Return a caller of a stage's admin function.

    Raises:
        StackNotDeployed: the stage is not deployed.
    """
    client = clients_of(stage)
    outputs = stack_outputs(client("cloudformation"), f"spaces-{name_of(stage)}-service")
    who = str(client("sts").get_caller_identity()["Arn"])
    return admin_function(client("lambda"), outputs["AdminFunctionName"], who)


def people_of(stage: str) -> UserPool:
    """Return the users of a stage.

    Raises:
        StackNotDeployed: the stage is not deployed.
    """
    client = clients_of(stage)
    outputs = stack_outputs(client("cloudformation"), f"spaces-{name_of(stage)}-data")
    return UserPool(client("cognito-idp"), outputs["UserPoolId"])


def audited_people_of(stage: str) -> AuditedUserPool:
    """Return the users of a stage, for changes that its audit trail records.

    Raises:
        StackNotDeployed: the stage is not deployed.
    """
    return AuditedUserPool(people_of(stage), gateway_of(stage))


def clients_of(stage: str) -> Callable[[str], Any]:
    """Return what makes clients of the account, or the local cloud, that a stage is in.

    A local cloud is also reached by boto3's own variables, if they name its endpoint and the stage
    names no port.

    Raises:
        StackNotDeployed: the port of the local cloud is not a number.
    """
    named = ":" in stage or not os.environ.get("AWS_ENDPOINT_URL")
    return local_cloud_of(stage).aws if is_local(stage) and named else _client


def is_local(stage: str) -> bool:
    """Return whether a stage is the local cloud on this machine."""
    return name_of(stage) == LOCAL_STAGE


def local_cloud_of(stage: str) -> LocalCloud:
    """Return the local cloud that ``local`` or ``local:PORT`` names.

    Raises:
        StackNotDeployed: the port is not a number.
    """
    port = stage.partition(":")[2]
    if port and not port.isdecimal():
        raise StackNotDeployed(f"{port!r} is not a port. Write, for example, local:4600.")
    return local_cloud(int(port or DEFAULT_PORT))


def name_of(stage: str) -> str:
    """Return the stage without the port of a local cloud."""
    return stage.partition(":")[0]


def _client(service: str) -> Any:  # noqa: ANN401 - the type depends on the service
    # Unlike the AWS CLI and the CDK, boto3 itself reads only AWS_DEFAULT_REGION.
    region = os.environ.get("AWS_REGION") or None
    return boto3.client(service, region_name=region)  # type: ignore[call-overload]


def remedy(error: Exception) -> str:
    """Return a sentence that says what to do about an error."""
    if isinstance(error, exceptions.EndpointConnectionError):
        return _unreachable(str(error.kwargs["endpoint_url"]))
    for kind, text in _REMEDIES.items():
        if isinstance(error, kind):
            return text
    if isinstance(error, exceptions.ClientError):
        details: Any = error.response["Error"]
        return _CODES.get(details["Code"], "{text}").format(
            text=details.get("Message", details["Code"])
        )
    return str(error)


def _unreachable(url: str) -> str:
    if urlsplit(url).hostname != "localhost":
        return f"Could not connect to {url}. Check your network, and the region."
    return (
        f"No local cloud answers at {url}. Start one with `make run`, or name the port of the one "
        "that is running: --stage local:PORT."
    )


def run(application: typer.Typer, *expected: type[Exception]) -> None:
    """Run a command-line application; print expected errors in one line, without a traceback."""
    write_any_character()
    try:
        application()
    except expected as error:
        console = Console(stderr=True, highlight=False, soft_wrap=True)
        console.print("[red]Error:[/]", shown(remedy(error)))
        raise SystemExit(1) from error
