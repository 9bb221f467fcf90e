"""Start, refresh and stop a local cloud."""

import shutil
from collections.abc import Callable
from dataclasses import replace

from infra.local.cloud import DEFAULT_PORT, STAGE, LocalCloud
from infra.local.deploy import deploy, fingerprint
from infra.local.emulator import LocalCloudError, end_process, is_healthy, start_emulator
from infra.local.status import Status, read_status, remove_status, write_status
from infra.local.upload_page import upload_page
from infra.outputs import stack_outputs

Report = Callable[[str], None]


def running_status(cloud: LocalCloud) -> Status:
    """Return the status of a running local cloud.

    Raises:
        LocalCloudError: it is not running.
    """
    status = read_status(cloud)
    if status is None or status.emulator.process() is None:
        hint = "" if cloud.port == DEFAULT_PORT else f" PORT={cloud.port}"
        raise LocalCloudError(
            f"No local cloud is running on port {cloud.port}. Start one with `make run{hint}`, or "
            "name the port of the one that is running."
        )
    return status


def deployed_status(cloud: LocalCloud) -> Status:
    """Return the status of a running local cloud whose addresses are known.

    Raises:
        LocalCloudError: it is not running, or not deployed yet.
    """
    status = running_status(cloud)
    if not status.socket_url:
        raise LocalCloudError(
            f"The local cloud on port {cloud.port} is still being deployed. Try again when the "
            "command that started it has printed its addresses."
        )
    return status


def bring_up(cloud: LocalCloud, report: Report) -> tuple[Status, bool]:
    """Start the emulator unless it is running, and deploy what has changed.

    Args:
        cloud: the local cloud.
        report: called with each step.

    Returns:
        The status, and whether the emulator was started by this call.

    Raises:
        LocalCloudError: the port is in use, or the emulator or the deployment failed.
    """
    cloud.folder.mkdir(parents=True, exist_ok=True)
    status = read_status(cloud)
    if status is not None and not _answers(cloud, status):
        report("The previous local cloud has ended; starting again.")
        bring_down(cloud)
        status = None
    if status is not None:
        return refresh(cloud, status, report), False
    report(f"Starting the emulator on port {cloud.port} …")
    fresh = Status(emulator=start_emulator(cloud), emulator_url=cloud.emulator_url)
    write_status(cloud, fresh)
    try:
        return refresh(cloud, fresh, report), True
    except BaseException:
        bring_down(cloud)
        raise


def refresh(cloud: LocalCloud, status: Status, report: Report, *, force: bool = False) -> Status:
    """Deploy if the sources have changed, and upload the page.

    Raises:
        LocalCloudError: the deployment failed.
    """
    wanted = fingerprint()
    if force or status.fingerprint != wanted:
        report("Deploying the CDK app …")
        write_status(cloud, replace(status, fingerprint=""))
        deploy(cloud)
        status = replace(_with_addresses(cloud, status), fingerprint=wanted)
    outputs = _outputs(cloud)
    upload_page(cloud, outputs["PageBucket"], outputs["PageConfig"])
    write_status(cloud, status)
    return status


def bring_down(cloud: LocalCloud) -> bool:
    """Stop a local cloud; return whether anything was running."""
    status = read_status(cloud)
    if status is None:
        return False
    # First, because foreground commands read from it whether they were stopped on purpose.
    remove_status(cloud)
    marks = [*(worker.mark for worker in status.workers), status.emulator]
    ended = [end_process(mark) for mark in marks]
    return any(ended)


def reset(cloud: LocalCloud) -> None:
    """Stop a local cloud and delete everything it stored."""
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


__all__ = [
    "LocalCloudError",
    "bring_down",
    "bring_up",
    "deployed_status",
    "refresh",
    "reset",
    "running_status",
]
