"""Creates spaces and tokens in a local cloud and remembers them in its status."""

from dataclasses import replace
from typing import Final

from infra.admin import admin_client
from infra.admin.calls import Admin, admin_function
from infra.local.cloud import STAGE, LocalCloud
from infra.local.demos import SHOWS
from infra.local.lifecycle import running_status
from infra.local.status import LocalSpace, write_status
from infra.outputs import stack_outputs

_UNLIMITED: Final[dict[str, admin_client.Field]] = {
    "anonymous_limits": dict.fromkeys(
        ("requests_per_minute", "max_waiting", "upload_bytes_per_day")
    )
}
"""Here everybody comes from one address."""


def admin_of(cloud: LocalCloud) -> Admin:
    """Return what invokes the admin function of a local cloud."""
    outputs = stack_outputs(cloud.aws("cloudformation"), f"spaces-{STAGE}-service")
    return admin_function(cloud.aws("lambda"), outputs["AdminFunctionName"], "local")


def create_space(cloud: LocalCloud, name: str, **fields: admin_client.Field) -> LocalSpace:
    """Create a space with a token for its worker; both become the last entry of the status.

    Raises:
        Refused: the gateway did not create it.
        LocalCloudError: the local cloud does not run.
    """
    running_status(cloud)
    function = admin_of(cloud)
    admin_client.create_space(function, name, **{**_UNLIMITED, **fields})
    token = admin_client.create_token(function, [name], label="created by the local command")
    space = LocalSpace(space=name, worker_token=token)
    status = running_status(cloud)
    write_status(cloud, replace(status, spaces=[*status.spaces, space]))
    return space


def newest_of_ones_own(spaces: list[LocalSpace]) -> LocalSpace:
    """Return the space that was created last; examples, which have a worker, only if all are."""
    examples = {show.space for show in SHOWS.values()}
    return [*spaces, *(each for each in spaces if each.space not in examples)][-1]


def create_token(
    cloud: LocalCloud, spaces: list[str], label: str | None, expires_in_days: int | None
) -> str:
    """Create a worker token.

    Raises:
        Refused: the gateway did not create it.
        LocalCloudError: the local cloud does not run.
    """
    running_status(cloud)
    return admin_client.create_token(
        admin_of(cloud), spaces, label=label, expires_in_days=expires_in_days
    )
