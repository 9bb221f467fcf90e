"""Commands that run in the foreground until Ctrl-C."""

import signal
import subprocess
import time

from infra.local.cloud import LocalCloud
from infra.local.demo import demo_space, running_worker, start_worker
from infra.local.demos import Example
from infra.local.emulator import LocalCloudError
from infra.local.lan_door.running import lan_address, open_door
from infra.local.lifecycle import bring_down, bring_up, running_status
from infra.local.people import demo_people
from infra.local.status import read_status
from infra.local.strict_edge.running import start_edge
from infra.local.terminal import (
    console,
    print_addresses,
    print_demo,
    print_lan,
    print_people,
    print_step,
    stop_hint,
)

Worker = subprocess.Popen[bytes]
_DRAIN_SECONDS = 10
FIND_ADDRESS = "1"
"""In place of an address of this machine: find it."""


def serve(cloud: LocalCloud, *, detach: bool, strict: bool = False, lan: str | None = None) -> None:
    """Start a local cloud, and wait for Ctrl-C if this call started it.

    Args:
        cloud: the local cloud.
        detach: return as soon as it is up.
        strict: put the strict edge in front of it.
        lan: this machine's address to open it at, FIND_ADDRESS to find it, or None.
    """
    status, started = bring_up(cloud, print_step, start_edge if strict else None)
    print_addresses(status)
    _open_to_lan(cloud, lan)
    print_people(status.people if detach or not started else demo_people(cloud))
    if detach or not started:
        console.print(
            f"{'It is running.' if started else 'It was already running.'} {stop_hint(cloud)}"
        )
        return
    console.print("Press Ctrl-C to stop it.")
    try:
        _wait(cloud, None)
    finally:
        bring_down(cloud)


def show_example(cloud: LocalCloud, example: Example, *, lan: str | None = None) -> None:
    """Start a local cloud with an example behind a space; on exit, stop what this call started.

    Args:
        cloud: the local cloud.
        example: the model.
        lan: this machine's address to open it at, FIND_ADDRESS to find it, or None.
    """
    _, started = bring_up(cloud, print_step)
    worker = None
    try:
        space = demo_space(cloud, example)
        if running_worker(cloud, space.space) is None:
            print_step("Starting the worker …")
            worker = start_worker(cloud, example, space)
        demo_people(cloud)
        print_demo(running_status(cloud), example)
        _open_to_lan(cloud, lan, space.space)
        if worker is None and not started:
            console.print(f"It was already running. {stop_hint(cloud)}")
            return
        console.print("Press Ctrl-C to stop everything this command started.\n")
        _wait(cloud, worker)
    finally:
        _end(cloud, worker, started=started)


def _open_to_lan(cloud: LocalCloud, lan: str | None, space: str | None = None) -> None:
    if lan is not None:
        print_lan(open_door(cloud, lan_address() if lan == FIND_ADDRESS else lan), space)


def _wait(cloud: LocalCloud, worker: Worker | None) -> None:
    # Both, because a command that a script starts with & inherits an ignored SIGINT.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        while True:
            status = read_status(cloud)
            if status is None or status.emulator.process() is None:
                console.print("The local cloud was stopped.")
                return
            if worker is not None and worker.poll() is not None:
                raise LocalCloudError("The worker stopped. Its last lines of output say why.")
            time.sleep(0.5)
    except KeyboardInterrupt:
        console.print("\nStopping …")


def _end(cloud: LocalCloud, worker: Worker | None, *, started: bool) -> None:
    if worker is not None and worker.poll() is None:
        worker.send_signal(signal.SIGINT)
        try:
            worker.wait(_DRAIN_SECONDS)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()
    if started:
        bring_down(cloud)
