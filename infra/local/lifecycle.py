"""Start, refresh and stop a local cloud."""

import shutil
from collections.abc import Callable
from dataclasses import replace

from infra.local.cloud import DEFAULT_PORT, STAGE, LocalCloud
from infra.local.deploy import deploy, fingerprint
from infra.local.emulator import (
    LocalCloudError,
    end_process,
    free_port,
    is_healthy,
    start_emulator,
)
from infra.local.status import ProcessMark, Status, read_status, remove_status, write_status
from infra.local.stream_front.running import choose_port, start_front
from infra.local.upload_page import upload_page
from infra.outputs import stack_outputs

Report = Callable[[str], None]
StartEdge = Callable[[LocalCloud, int], ProcessMark | None]
"""Serves a strict edge on a cloud's port, in front of the emulator's port.

Returns its process; None if that is this process.
"""


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


def bring_up(
    cloud: LocalCloud, report: Report, edge: StartEdge | None = None
) -> tuple[Status, bool]:
    """Start the emulator unless it is running, and deploy what has changed.

    Args:
        cloud: the local cloud.
        report: called with each step.
        edge: puts a strict edge on the cloud's port, in front of the emulator; None for none.

    Returns:
        The status, and whether the emulator was started by this call.

    Raises:
        LocalCloudError: the port is in use, the emulator or the deployment failed, or the cloud
            runs without the edge that is asked for.
    """
    cloud.folder.mkdir(parents=True, exist_ok=True)
    status = read_status(cloud)
    if status is not None and not _answers(cloud, status):
        report("The previous local cloud has ended; starting again.")
        bring_down(cloud)
        status = None
    if status is not None:
        if edge is not None and status.edge is None:
            raise LocalCloudError(
                f"The local cloud on port {cloud.port} runs without the strict edge. Stop it "
                "first: `make stop`, or `python -m infra.local down`."
            )
        return refresh(cloud, status, report), False
    report(f"Starting the emulator on port {cloud.port} …")
    fresh = _start(cloud, edge)
    write_status(cloud, fresh)
    try:
        return refresh(cloud, fresh, report), True
    except BaseException:
        bring_down(cloud)
        raise


def _start(cloud: LocalCloud, edge: StartEdge | None) -> Status:
    if edge is None:
        return Status(emulator=start_emulator(cloud), emulator_url=cloud.emulator_url)
    port = free_port()
    emulator = start_emulator(cloud, port)
    try:
        mark = edge(cloud, port)
    except BaseException:
        end_process(emulator)
        raise
    return Status(emulator=emulator, emulator_url=cloud.emulator_url, edge=mark)


def refresh(cloud: LocalCloud, status: Status, report: Report, *, force: bool = False) -> Status:
    """Deploy if the sources have changed, upload the page, and start the stream front.

    Raises:
        LocalCloudError: the deployment failed, or the stream front does not start.
    """
    wanted = fingerprint()
    if force or status.fingerprint != wanted:
        report("Deploying the CDK app …")
        status = replace(status, stream_port=status.stream_port or choose_port(cloud))
        write_status(cloud, replace(status, fingerprint=""))
        deploy(cloud, status.stream_port)
        status = replace(_with_addresses(cloud, status), fingerprint=wanted)
        _end_front(status)
    outputs = _outputs(cloud)
    upload_page(cloud, outputs["PageBucket"], outputs["PageConfig"])
    status = _with_front(cloud, status)
    write_status(cloud, status)
    return status


def bring_down(cloud: LocalCloud) -> bool:
    """Stop a local cloud; return whether anything was running."""
    status = read_status(cloud)
    if status is None:
        return False
    # First, because foreground commands read from it whether they were stopped on purpose.
    remove_status(cloud)
    marks_around = (status.door, status.front, status.edge)
    around = [mark for mark in marks_around if mark is not None]
    marks = [*(worker.mark for worker in status.workers), *around, status.emulator]
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
        stream_url=outputs["StreamUrl"],
        openai_url=outputs["OpenAIUrl"],
        mcp_url=outputs["McpUrl"],
    )


def _with_front(cloud: LocalCloud, status: Status) -> Status:
    if status.front is not None and status.front.process() is not None:
        return status
    return replace(status, front=start_front(cloud, status.stream_port))


def _end_front(status: Status) -> None:
    """End the front, whose processes run what was deployed before."""
    if status.front is not None:
        end_process(status.front)


__all__ = [
    "LocalCloudError",
    "bring_down",
    "bring_up",
    "deployed_status",
    "refresh",
    "reset",
    "running_status",
]
