"""A local cloud: its port, folder, addresses and AWS clients."""

from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import boto3
from botocore.config import Config

from infra.project import PROJECT_FOLDER

DEFAULT_PORT: Final = 4566
REGION: Final = "us-east-1"
STAGE: Final = "local"

CREDENTIALS: Final = MappingProxyType(
    {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    }
)
"""The credentials that deploy to the emulator. Functions run with their own roles, as on AWS."""


@dataclass(frozen=True)
class LocalCloud:
    """One local cloud. Several can run side by side on different ports.

    Attributes:
        port: the emulator's port on the loopback interface.
        folder: the folder of its status, logs and files.
    """

    port: int
    folder: Path

    @property
    def emulator_url(self) -> str:
        """The emulator's URL."""
        return f"http://localhost:{self.port}"

    def aws(self, service: str) -> Any:  # noqa: ANN401 - the type depends on the service
        """Return a boto3 client of this cloud with the deployer's credentials."""
        return boto3.client(
            service,  # type: ignore[call-overload]
            endpoint_url=self.emulator_url,
            region_name=REGION,
            aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
            config=Config(
                s3={"addressing_style": "path"},
                max_pool_connections=16,
                retries={"total_max_attempts": 2},
            ),
        )


def local_cloud(port: int = DEFAULT_PORT, folder: Path | None = None) -> LocalCloud:
    """Return a port's local cloud: in ``.local`` for the default port, else ``.local/<port>``."""
    default = PROJECT_FOLDER / ".local"
    return LocalCloud(port, folder or (default if port == DEFAULT_PORT else default / str(port)))
