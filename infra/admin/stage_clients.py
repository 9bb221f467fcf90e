"""Finds a deployed gateway by boto3's usual variables, and says what to do where it cannot."""

import os
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import boto3
import typer
from botocore import exceptions
from rich.console import Console

from infra.admin.audited_people import NotedPeople
from infra.admin.calls import Admin, Refused, admin_function
from infra.admin.terminal_text import shown
from infra.outputs import StackNotDeployed, stack_outputs
from infra.user_pool import UserPool

_REMEDIES: Final[Mapping[type[Exception], str]] = MappingProxyType(
    {
        exceptions.NoRegionError: (
            "No AWS region is chosen. Set AWS_REGION (for example AWS_REGION=eu-central-1), or "
            "name one in your profile: aws configure set region eu-central-1."
        ),
        exceptions.NoCredentialsError: (
            "No AWS credentials were found. Choose a profile with AWS_PROFILE=name, or make one: "
            "aws configure sso."
        ),
        exceptions.ProfileNotFound: (
            "The profile in AWS_PROFILE does not exist; `aws configure list-profiles` names those "
            "that do."
        ),
        exceptions.UnauthorizedSSOTokenError: "Your sign-in has ended: aws sso login.",
        exceptions.TokenRetrievalError: "Your sign-in has ended: aws sso login.",
    }
)
_CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "AccessDeniedException": "Your AWS identity may not do this: {text}",
        "ExpiredToken": "Your AWS credentials have expired; sign in again.",
        "UserNotFoundException": "There is no such person; list-users names them all.",
        "UsernameExistsException": "That name is taken; list-users names them all.",
    }
)
EXPECTED: Final = (Refused, StackNotDeployed, exceptions.BotoCoreError, exceptions.ClientError)


def gateway_of(stage: str) -> Admin:
    """Return what invokes the admin function of a stage.

    Raises:
        StackNotDeployed: it is not deployed here.
    """
    outputs = _outputs(f"spaces-{stage}-service")
    who = str(_client("sts").get_caller_identity()["Arn"])
    return admin_function(_client("lambda"), outputs["AdminFunctionName"], who)


def people_of(stage: str) -> UserPool:
    """Return the people of a stage.

    Raises:
        StackNotDeployed: it is not deployed here.
    """
    return UserPool(_client("cognito-idp"), _outputs(f"spaces-{stage}-data")["UserPoolId"])


def noted_people_of(stage: str) -> NotedPeople:
    """Return the people of a stage, for changes, which are noted in its audit trail.

    Raises:
        StackNotDeployed: it is not deployed here.
    """
    return NotedPeople(people_of(stage), gateway_of(stage))


def _client(service: str) -> Any:  # noqa: ANN401 - the type depends on the service
    # boto3 alone knows AWS_DEFAULT_REGION only, unlike the AWS CLI and the CDK.
    region = os.environ.get("AWS_REGION") or None
    return boto3.client(service, region_name=region)  # type: ignore[call-overload]


def _outputs(stack: str) -> dict[str, str]:
    return stack_outputs(_client("cloudformation"), stack)


def remedy(error: Exception) -> str:
    """Return what to do about an error, in a sentence."""
    for kind, text in _REMEDIES.items():
        if isinstance(error, kind):
            return text
    if isinstance(error, exceptions.ClientError):
        told: Any = error.response["Error"]
        return _CODES.get(told["Code"], "{text}").format(text=told.get("Message", told["Code"]))
    return str(error)


def run(application: typer.Typer, *expected: type[Exception]) -> None:
    """Run a command line; expected errors end with their sentence instead of a traceback."""
    try:
        application()
    except expected as error:
        Console(stderr=True, highlight=False).print("[red]Error:[/]", shown(remedy(error)))
        raise SystemExit(1) from error
