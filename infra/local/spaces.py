"""Create spaces and tokens in a local cloud and record them in its status file."""

from dataclasses import replace
from typing import Final

from infra.admin import admin_client
from infra.admin.calls import Admin, admin_function
from infra.local.cloud import STAGE, LocalCloud
from infra.local.demos import DEMOS
from infra.local.lifecycle import deployed_status
from infra.local.status import LocalSpace, write_status
from infra.outputs import stack_outputs

_UNLIMITED: Final[dict[str, admin_client.Field]] = {
    "anonymous_limits": dict.fromkeys(
        ("requests_per_minute", "max_waiting", "upload_bytes_per_day")
    )
}
"""Locally, all users share one IP address."""


def admin_of(cloud: LocalCloud) -> Admin:
    """Return a caller of a local cloud's admin function."""
    outputs = stack_outputs(cloud.aws("cloudformation"), f"spaces-{STAGE}-service")
    return admin_function(cloud.aws("lambda"), outputs["AdminFunctionName"], "local")


def create_space(cloud: LocalCloud, name: str, **fields: admin_client.Field) -> LocalSpace:
    """Create a space with a worker token, and add both to the status file.

    Raises:
        Refused: the gateway rejected the call.
        LocalCloudError: the local cloud is not running, or not deployed yet.
    """
    deployed_status(cloud)
    function = admin_of(cloud)
    admin_client.create_space(function, name, **{**_UNLIMITED, **fields})
    token = admin_client.create_token(function, [name], label="created by the local command")
    space = LocalSpace(space=name, worker_token=token)
    status = deployed_status(cloud)
    write_status(cloud, replace(status, spaces=[*status.spaces, space]))
    return space


def newest_own_space(spaces: list[LocalSpace]) -> LocalSpace:
    """Return the space that was created last; an example's space only if there are no others."""
    examples = {demo.space for demo in DEMOS.values()}
    return [*spaces, *(each for each in spaces if each.space not in examples)][-1]


def create_token(
    cloud: LocalCloud, spaces: list[str], label: str | None, expires_in_days: int | None
) -> str:
    """Create a worker token.

    Raises:
        Refused: the gateway rejected the call.
        LocalCloudError: the local cloud is not running, or not deployed yet.
    """
    deployed_status(cloud)
    return admin_client.create_token(
        admin_of(cloud), spaces, label=label, expires_in_days=expires_in_days
    )
