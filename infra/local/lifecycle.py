"""Brings a local cloud up, refreshes it, and ends it."""

import shutil
from collections.abc import Callable
from dataclasses import replace

from infra.local.cloud import DEFAULT_PORT, STAGE, LocalCloud
from infra.local.deploy import deploy, fingerprint
from infra.local.emulator import LocalCloudError, end_process, is_healthy, start_emulator
from infra.local.status import Status, read_status, remove_status, write_status
from infra.local.upload_page import upload_page
from infra.outputs import stack_outputs

Tell = Callable[[str], None]


def running_status(cloud: LocalCloud) -> Status:
    """Return the status of a local cloud that runs.

    Raises:
        LocalCloudError: it does not run.
    """
    status = read_status(cloud)
    if status is None or status.emulator.process() is None:
        hint = "" if cloud.port == DEFAULT_PORT else f" PORT={cloud.port}"
        raise LocalCloudError(
            f"No local cloud runs on port {cloud.port}: start it with `make run{hint}`, or name "
            "the port of the one that runs."
        )
    return status


def bring_up(cloud: LocalCloud, tell: Tell) -> tuple[Status, bool]:
    """Start the emulator unless it runs, and deploy what has changed.

    Args:
        cloud: which one.
        tell: is told what is being done.

    Returns:
        The status, and whether the emulator was started by this call.

    Raises:
        LocalCloudError: the port is taken, or emulator or deploy failed.
    """
    cloud.folder.mkdir(parents=True, exist_ok=True)
    status = read_status(cloud)
    if status is not None and not _answers(cloud, status):
        tell("The local cloud of an earlier start has ended; starting anew.")
        bring_down(cloud)
        status = None
    if status is not None:
        return refresh(cloud, status, tell), False
    tell(f"Starting the emulator on port {cloud.port} …")
    fresh = Status(emulator=start_emulator(cloud), emulator_url=cloud.emulator_url)
    write_status(cloud, fresh)
    try:
        return refresh(cloud, fresh, tell), True
    except BaseException:
        bring_down(cloud)
        raise


def refresh(cloud: LocalCloud, status: Status, tell: Tell, *, force: bool = False) -> Status:
    """Deploy if the sources differ from what is deployed, and upload the page.

    Raises:
        LocalCloudError: the deploy failed.
    """
    wanted = fingerprint()
    if force or status.fingerprint != wanted:
        tell("Deploying the CDK app …")
        write_status(cloud, replace(status, fingerprint=""))
        deploy(cloud)
        status = replace(_with_addresses(cloud, status), fingerprint=wanted)
    outputs = _outputs(cloud)
    upload_page(cloud, outputs["PageBucket"], outputs["PageConfig"])
    write_status(cloud, status)
    return status


def bring_down(cloud: LocalCloud) -> bool:
    """End what runs of a local cloud; return whether anything did."""
    status = read_status(cloud)
    if status is None:
        return False
    # First of all: commands in front read from it whether they were ended on purpose.
    remove_status(cloud)
    marks = [*(worker.mark for worker in status.workers), status.emulator]
    ended = [end_process(mark) for mark in marks]
    return any(ended)


def reset(cloud: LocalCloud) -> None:
    """End a local cloud and remove all that it stored."""
    bring_down(cloud)
    for name in ("emulator", "cdk.out"):
        shutil.rmtree(cloud.folder / name, ignore_errors=True)


def _answers(cloud: LocalCloud, status: Status) -> bool:
    return status.emulator.process() is not None and is_healthy(cloud)


def _outputs(cloud: LocalCloud) -> dict[str, str]:
    return stack_outputs(cloud.aws("cloudformation"), f"spaces-{STAGE}-service")


def _with_addresses(cloud: LocalCloud, status: Status) -> Status:
    outputs = _outputs(cloud)
    return replace(
        status,
        page_url=outputs["PageUrl"],
        api_url=outputs["ApiUrl"],
        socket_url=outputs["SocketUrl"],
    )


__all__ = ["LocalCloudError", "bring_down", "bring_up", "refresh", "reset", "running_status"]
