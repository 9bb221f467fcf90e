"""Deploy the CDK app to the emulator with the ordinary CDK CLI."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from infra.build import digest_of_files
from infra.local.cloud import CREDENTIALS, REGION, STAGE, LocalCloud
from infra.local.emulator import LocalCloudError
from infra.project import PROJECT_FOLDER

STACKS: Final = (f"spaces-{STAGE}-data", f"spaces-{STAGE}-service")
_ACCOUNT: Final = "000000000000"
_ASSETS_BUCKET: Final = f"cdk-hnb659fds-assets-{_ACCOUNT}-{REGION}"


def deploy_log(cloud: LocalCloud) -> Path:
    """Return the log file of the CDK CLI."""
    return cloud.folder / "deploy.log"


def fingerprint() -> str:
    """Return a digest of everything that determines what is deployed."""
    digest = hashlib.sha256(sys.version.encode())
    for folder in ("infra", "functions"):
        digest.update(digest_of_files(PROJECT_FOLDER / folder, "*").encode())
    for file in ("cdk.json", "requirements/functions.txt", "package.json", "package-lock.json"):
        digest.update((PROJECT_FOLDER / file).read_bytes())
    return digest.hexdigest()


def deploy(cloud: LocalCloud, stream_port: int) -> None:
    """Deploy both stacks.

    Args:
        cloud: the local cloud.
        stream_port: the port of its stream front.

    Raises:
        LocalCloudError: the deployment failed; the message ends with the last lines of its log.
    """
    _prepare_assets_bucket(cloud)
    _delete_failed_stacks(cloud)
    with deploy_log(cloud).open("wb") as log:
        done = subprocess.run(
            _command(cloud, stream_port),
            cwd=PROJECT_FOLDER,
            env=_environment(cloud),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        tail = "".join(
            deploy_log(cloud).read_text(errors="replace").splitlines(keepends=True)[-30:]
        )
        raise LocalCloudError(
            f"The deployment failed. The last lines of {deploy_log(cloud)}:\n{tail}"
        )


def _prepare_assets_bucket(cloud: LocalCloud) -> None:
    # The only part of `cdk bootstrap` that this deployment uses. The rest are roles, and locally
    # the CLI's own credentials replace them.
    cloud.aws("s3").create_bucket(Bucket=_ASSETS_BUCKET)


def _delete_failed_stacks(cloud: LocalCloud) -> None:
    # A stack whose first deployment failed can only be deleted.
    cloudformation = cloud.aws("cloudformation")
    broken = ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED")
    for stack in reversed(STACKS):
        try:
            state = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
        except cloudformation.exceptions.ClientError:
            continue
        if state in broken:
            cloudformation.delete_stack(StackName=stack)
            cloudformation.get_waiter("stack_delete_complete").wait(
                StackName=stack, WaiterConfig={"Delay": 1}
            )


def _command(cloud: LocalCloud, stream_port: int) -> list[str]:
    cdk = shutil.which("cdk", path=str(PROJECT_FOLDER / "node_modules" / ".bin"))
    if cdk is None:
        raise LocalCloudError("The CDK CLI is not installed. Run `make install` first.")
    return [
        *(cdk, "deploy", "--all", "--method", "direct", "--require-approval", "never"),
        *("--context", f"stage={STAGE}", "--context", f"emulator_port={cloud.port}"),
        *("--context", f"stream_port={stream_port}"),
        *("--output", str(cloud.folder / "cdk.out"), "--progress", "events"),
        *("--no-color", "--no-notices", "--no-version-reporting", "--no-path-metadata"),
    ]


def _environment(cloud: LocalCloud) -> dict[str, str]:
    # The caller's environment (package indexes, proxies) except what selects an AWS account.
    own = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {
        **own,
        **CREDENTIALS,
        "AWS_ENDPOINT_URL": cloud.emulator_url,
        "AWS_ENDPOINT_URL_S3": cloud.emulator_url,
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
    }
