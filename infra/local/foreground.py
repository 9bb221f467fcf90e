"""Commands that stay in front until Ctrl-C."""

import signal
import subprocess
import time

from infra.local.cloud import LocalCloud
from infra.local.demo import demo_space, running_worker, start_worker
from infra.local.demos import Example
from infra.local.emulator import LocalCloudError
from infra.local.lifecycle import bring_down, bring_up, running_status
from infra.local.people import demo_people
from infra.local.status import read_status
from infra.local.terminal import console, print_addresses, print_demo, stop_hint, tell

Worker = subprocess.Popen[bytes]
_DRAIN_SECONDS = 10


def serve(cloud: LocalCloud, *, detach: bool) -> None:
    """Bring a local cloud up, and stay with it if this call started it."""
    status, started = bring_up(cloud, tell)
    print_addresses(status)
    if detach or not started:
        console.print(f"{'It runs' if started else 'It ran already'}; {stop_hint(cloud)}")
        return
    console.print("Ctrl-C ends it.")
    try:
        _wait(cloud, None)
    finally:
        bring_down(cloud)


def show_example(cloud: LocalCloud, example: Example) -> None:
    """Bring a local cloud up with an example behind a space, and end what was started here."""
    _, started = bring_up(cloud, tell)
    worker = None
    try:
        space = demo_space(cloud, example)
        if running_worker(cloud, space.space) is None:
            tell("Starting the worker …")
            worker = start_worker(cloud, example, space)
        demo_people(cloud)
        print_demo(running_status(cloud), example)
        if worker is None and not started:
            console.print(f"It ran already; {stop_hint(cloud)}")
            return
        console.print("Ctrl-C ends what this command started.\n")
        _wait(cloud, worker)
    finally:
        _end(cloud, worker, started=started)


def _wait(cloud: LocalCloud, worker: Worker | None) -> None:
    # Said twice, because what a script starts with & inherits that SIGINT is ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        while True:
            status = read_status(cloud)
            if status is None or status.emulator.process() is None:
                console.print("The local cloud was ended.")
                return
            if worker is not None and worker.poll() is not None:
                raise LocalCloudError("The worker ended; its last lines say why.")
            time.sleep(0.5)
    except KeyboardInterrupt:
        console.print("\nEnding …")


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
