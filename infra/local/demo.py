"""The demo: a space with a real model behind it."""

import subprocess
import sys
from dataclasses import replace

from infra.local.cloud import LocalCloud
from infra.local.demos import DEMOS, Example
from infra.local.emulator import LocalCloudError
from infra.local.lifecycle import running_status
from infra.local.spaces import create_space
from infra.local.status import DemoWorker, LocalSpace, ProcessMark, write_status
from infra.local.worker_command import worker_command
from infra.project import PROJECT_FOLDER


def demo_space(cloud: LocalCloud, example: Example) -> LocalSpace:
    """Return the example's space, and create it if it does not exist.

    Raises:
        LocalCloudError: the local cloud is not running.
        Refused: the gateway did not create the space.
    """
    demo = DEMOS[example]
    known = running_status(cloud).space(demo.space)
    if known is not None:
        return known
    return create_space(
        cloud, demo.space, title=demo.title, description=demo.description, **demo.settings
    )


def running_worker(cloud: LocalCloud, space: str) -> DemoWorker | None:
    """Return the worker that an earlier demo started for a space, if it is still running."""
    workers = running_status(cloud).workers
    return next((each for each in workers if each.space == space and each.mark.process()), None)


def start_worker(cloud: LocalCloud, example: Example, space: LocalSpace) -> subprocess.Popen[bytes]:
    """Start the example's worker and add it to the status file."""
    _install_requirements(example)
    function = f"worker_client/examples/{example}.py:{example}"
    command = worker_command(cloud, space, "run", "--function", function, "--worker-id", "demo")
    process = subprocess.Popen(
        command.arguments,
        cwd=PROJECT_FOLDER,
        env=command.environment,
        stdin=subprocess.DEVNULL,
        # Ctrl-C goes to the foreground command, which then stops this process.
        start_new_session=True,
    )
    status = running_status(cloud)
    worker = DemoWorker(space=space.space, mark=ProcessMark.of(process.pid))
    others = [each for each in status.workers if each.mark.process()]
    write_status(cloud, replace(status, workers=[*others, worker]))
    return process


def _install_requirements(example: Example) -> None:
    requirements = DEMOS[example].requirements
    if requirements is None:
        return
    done = subprocess.run(
        [
            *(sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", sys.executable),
            *("--no-deps", "--require-hashes", "--requirements", requirements),
        ],
        cwd=PROJECT_FOLDER,
        check=False,
    )
    if done.returncode:
        raise LocalCloudError(
            f"The packages of the example {example} could not be installed; uv says why above."
        )
