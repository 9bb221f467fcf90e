import os
import socket
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from infra.local.cloud import LocalCloud, local_cloud
from infra.local.emulator import _STARTED, LocalCloudError, end_process, start_emulator
from infra.local.lifecycle import bring_down, running_status
from infra.local.status import (
    DemoWorker,
    LocalPerson,
    LocalSpace,
    ProcessMark,
    Status,
    read_status,
    status_file,
    write_status,
)

PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def cloud(tmp_path: Path) -> LocalCloud:
    return LocalCloud(4599, tmp_path)


def status_of(mark: ProcessMark) -> Status:
    return Status(
        emulator=mark,
        emulator_url="http://localhost:4599",
        spaces=[LocalSpace(space="a", worker_token="wst_a")],
        people=[LocalPerson(name="a", password="p", administrator=True)],
        workers=[DemoWorker(space="a", mark=mark)],
    )


def test_what_is_written_is_read(cloud: LocalCloud) -> None:
    status = status_of(ProcessMark.of(os.getpid()))

    write_status(cloud, status)

    assert read_status(cloud) == status
    assert running_status(cloud) == status


def test_only_its_owner_reads_the_tokens(cloud: LocalCloud) -> None:
    write_status(cloud, status_of(ProcessMark.of(os.getpid())))

    assert stat.S_IMODE(status_file(cloud).stat().st_mode) == 0o600


def test_a_torn_status_counts_as_none(cloud: LocalCloud) -> None:
    status_file(cloud).write_text('{"pid": 1')

    assert read_status(cloud) is None


def test_another_process_of_the_same_number_is_not_the_emulator(cloud: LocalCloud) -> None:
    mine = ProcessMark.of(os.getpid())
    write_status(cloud, status_of(replace(mine, started=mine.started - 1000)))

    with pytest.raises(LocalCloudError, match="No local cloud is running"):
        running_status(cloud)


def test_going_down_ends_only_what_the_status_names(cloud: LocalCloud) -> None:
    mine = ProcessMark.of(os.getpid())
    write_status(cloud, status_of(replace(mine, started=mine.started - 1000)))

    assert bring_down(cloud) is False
    assert read_status(cloud) is None


def test_a_process_is_ended_with_its_children() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    with parent:
        assert parent.stdout is not None
        child = ProcessMark.of(int(parent.stdout.readline()))

        assert end_process(ProcessMark.of(parent.pid))

    assert child.process() is None


def test_a_process_that_was_started_here_is_let_go_of_once_it_has_ended() -> None:
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    _STARTED.append(process)

    assert end_process(ProcessMark.of(process.pid))

    assert process not in _STARTED
    # Else Python says at its exit that the process still runs.
    assert process.returncode is not None


def test_a_taken_port_is_told_with_what_to_do(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(LocalCloudError, match=f"Port {port} is in use.*PORT={port + 2}"):
            start_emulator(LocalCloud(port, tmp_path))


def test_each_port_has_a_folder_of_its_own() -> None:
    default, other = local_cloud(), local_cloud(4600)

    assert default.folder.name == ".local"
    assert other.folder == default.folder / "4600"
