"""Starts the door of a local cloud as a process."""

import socket
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from infra.local.cloud import STAGE, LocalCloud
from infra.local.emulator import LocalCloudError, end_process, start_helper
from infra.local.lan_door.addresses import Addresses
from infra.local.lan_door.door import Door
from infra.local.lan_door.routes import Routes
from infra.local.lifecycle import deployed_status
from infra.local.status import Status, write_status
from infra.outputs import stack_outputs

_SECONDS: Final = 15
_ANY_OUTSIDE: Final = ("192.0.2.1", 9)
"""An address for documentation: nothing is sent there, only a route is looked up."""


def lan_address() -> str:
    """Return the address of this machine in its local network.

    Raises:
        LocalCloudError: it has none.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_ANY_OUTSIDE)
        except OSError as error:
            raise LocalCloudError(
                "This machine has no address in a local network. Name one: LAN=192.168.1.20."
            ) from error
        return str(probe.getsockname()[0])


def door_of(cloud: LocalCloud, host: str) -> Door:
    """Return the door of a deployed local cloud."""
    status = deployed_status(cloud)
    outputs = stack_outputs(cloud.aws("cloudformation"), f"spaces-{STAGE}-data")
    addresses = Addresses(
        host=host, port=cloud.port, page=status.page_url, stream_port=status.stream_port
    )
    routes = Routes(
        host=addresses.outer,
        bucket=outputs["FilesBucket"],
        socket_path=urlsplit(status.socket_url).path,
    )
    return Door(addresses=addresses, routes=routes)


def open_door(cloud: LocalCloud, host: str) -> Status:
    """Start the door of a deployed local cloud, in place of one at another address.

    Raises:
        LocalCloudError: it does not start.
    """
    status = deployed_status(cloud)
    url = door_of(cloud, host).addresses.url
    if status.door is not None and status.door.process() is not None:
        if status.lan_url == url:
            return status
        end_process(status.door)
    mark = start_helper(
        ["-m", "infra.local.lan_door", host, str(cloud.port), str(cloud.folder)],
        cloud.folder / "lan_door.log",
        lambda: _is_taken(host, cloud.port),
        name="The door to the local network",
        seconds=_SECONDS,
    )
    opened = replace(status, door=mark, lan_url=url)
    write_status(cloud, opened)
    return opened


def _is_taken(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0
