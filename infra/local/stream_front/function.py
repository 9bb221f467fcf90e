"""The deployed streaming function, and what a process of it finds in its environment."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from infra.code_asset import LOCAL_TARGET, build_code_asset
from infra.local.cloud import CREDENTIALS, STAGE, LocalCloud
from infra.local.emulator import logs_folder
from infra.outputs import stack_outputs

_ON_AWS: Final = "/var/task"
"""Where AWS unpacks a function's code."""
_LOCAL_ONLY: Final = Path(__file__).parents[1] / "function_logs"
_KEPT: Final = ("PATH", "HOME", "LANG", "LC_ALL")
_SESSION_SECONDS: Final = 3600


@dataclass(frozen=True, kw_only=True)
class Function:
    """What a process of a function needs.

    Attributes:
        command: what to run, as Lambda does.
        arn: the function's ARN.
        timeout: how many seconds an invocation may take.
        environment: the environment of a process, without credentials.
    """

    command: tuple[str, ...]
    arn: str
    timeout: float
    environment: Mapping[str, str]

    @classmethod
    def deployed(cls, cloud: LocalCloud) -> Self:
        """Read the streaming function of a local cloud."""
        name = stack_outputs(cloud.aws("cloudformation"), f"spaces-{STAGE}-service")
        found = cloud.aws("lambda").get_function_configuration(
            FunctionName=name["StreamFunctionName"]
        )
        variables, folder = found["Environment"]["Variables"], str(build_code_asset(LOCAL_TARGET))
        return cls(
            command=(
                variables["AWS_LAMBDA_EXEC_WRAPPER"].replace(_ON_AWS, folder),
                sys.executable,
            ),
            arn=found["FunctionArn"],
            timeout=found["Timeout"],
            environment={
                **{name: os.environ[name] for name in _KEPT if name in os.environ},
                **_of_this_machine(cloud),
                **variables,
                "AWS_LAMBDA_FUNCTION_NAME": found["FunctionName"],
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(found["MemorySize"]),
                "LAMBDA_TASK_ROOT": folder,
                "_HANDLER": found["Handler"],
            },
        )


def _of_this_machine(cloud: LocalCloud) -> dict[str, str]:
    secret = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    return {
        **{name: value for name, value in CREDENTIALS.items() if name not in secret},
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{cloud.port}",
        "PYTHONPATH": str(_LOCAL_ONLY),
        "SPACES_LOCAL_LOGS": str(logs_folder(cloud)),
    }


class Role:
    """The execution role of a function, which this front takes on in Lambda's place.

    Args:
        cloud: the local cloud.
        arn: the function's ARN.
    """

    def __init__(self, cloud: LocalCloud, arn: str) -> None:
        self._cloud = cloud
        found = cloud.aws("lambda").get_function_configuration(FunctionName=arn)
        self._arn: str = found["Role"]
        self._open()

    def credentials(self) -> dict[str, str]:
        """Return new credentials of the role, as a process finds them in its environment."""
        session = self._cloud.aws("sts").assume_role(
            RoleArn=self._arn, RoleSessionName="stream", DurationSeconds=_SESSION_SECONDS
        )["Credentials"]
        return {
            "AWS_ACCESS_KEY_ID": session["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": session["SecretAccessKey"],
            "AWS_SESSION_TOKEN": session["SessionToken"],
        }

    def _open(self) -> None:
        """Let the deployer assume the role: it trusts Lambda only, which is not who calls here."""
        name, account = self._arn.rpartition("/")[2], self._arn.split(":")[4]
        trusted = {"Service": "lambda.amazonaws.com", "AWS": f"arn:aws:iam::{account}:root"}
        statement = {"Effect": "Allow", "Principal": trusted, "Action": "sts:AssumeRole"}
        policy = {"Version": "2012-10-17", "Statement": [statement]}
        self._cloud.aws("iam").update_assume_role_policy(
            RoleName=name, PolicyDocument=json.dumps(policy)
        )
