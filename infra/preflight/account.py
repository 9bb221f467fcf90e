"""The account and region that a deployment would use."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import NoRegionError

from infra.local.cloud import REGION, LocalCloud

GLOBAL_REGION: Final = "us-east-1"
"""Where CloudFront, its certificates and its quotas are."""
_CONFIG: Final = Config(connect_timeout=10, read_timeout=20, retries={"total_max_attempts": 3})

Connect = Callable[[str, str], Any]
"""Returns a boto3 client of a service in a region."""


@dataclass(frozen=True)
class Account:
    """An account and region.

    Attributes:
        region: the region of the stacks.
        connect: returns a boto3 client of a service in a region.
        local: whether this is the emulator.
    """

    region: str
    connect: Connect
    local: bool = False

    def client(self, service: str) -> Any:  # noqa: ANN401 - the type depends on the service
        """Return a boto3 client of a service in the region of the stacks."""
        return self.connect(service, self.region)

    def global_client(self, service: str) -> Any:  # noqa: ANN401 - as above
        """Return a boto3 client of a service that belongs to the account, not to a region."""
        return self.connect(service, GLOBAL_REGION)


def account_on_aws() -> Account:
    """Return the account and region that the environment selects.

    Raises:
        NoRegionError: no region is set.
    """
    # Unlike the AWS CLI and the CDK, boto3 itself reads only AWS_DEFAULT_REGION.
    session = boto3.Session(region_name=os.environ.get("AWS_REGION") or None)
    if session.region_name is None:
        raise NoRegionError

    def connect(service: str, region: str) -> Any:  # noqa: ANN401 - as above
        return session.client(service, region_name=region, config=_CONFIG)  # type: ignore[call-overload]

    return Account(session.region_name, connect)


def account_of(cloud: LocalCloud) -> Account:
    """Return the emulator as an account."""
    return Account(REGION, lambda service, _region: cloud.aws(service), local=True)
