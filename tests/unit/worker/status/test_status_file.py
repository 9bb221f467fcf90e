"""What a worker leaves on disk about itself, and who reads it."""

import os
import stat
from datetime import UTC, datetime, timedelta

import pytest

from spaces_worker._settings import Settings
from spaces_worker._status.activity import ActivitySnapshot, RunningRequest
from spaces_worker._status.local_workers import describe, local_workers
from spaces_worker._status.status_file import StatusFile, states_in
from spaces_worker._storage.result_store import results_folder

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
RUNNING = RunningRequest(request_id="a", space="demo", since=NOON, percent=40, message="reading")


@pytest.fixture
def settings(tmp_path):
    return Settings(
        url="wss://g.example/v1",
        token="wst_secret",
        spaces=("demo", "chat"),
        worker_id="atlas",
        state_dir=tmp_path,
    )


@pytest.fixture
def file(settings):
    return StatusFile(settings, clock=lambda: NOON)


def test_a_running_worker_is_shown(file, settings):
    file.show(
        ActivitySnapshot(connected_since=NOON, running=(RUNNING,), waiting=1, done=2, failed=1)
    )

    (worker,) = local_workers(settings.state_dir, NOON + timedelta(seconds=5))
    (words,) = describe([worker], settings.state_dir, NOON + timedelta(seconds=5))

    assert worker.is_running
    assert "✓ connected since" in words
    assert "demo, chat" in words
    assert "demo  a  5 s  40 %  reading" in words
    assert "2 done, 1 failed, 0 cancelled" in words


def test_kept_answers_are_counted(file, settings):
    file.show(ActivitySnapshot())
    folder = results_folder(settings.state_dir, settings.url, settings.worker_id)
    folder.mkdir(parents=True)
    (folder / "a.json").touch()

    (worker,) = local_workers(settings.state_dir, NOON)

    assert worker.unacknowledged == 1
    assert "1 result not delivered yet" in describe([worker], settings.state_dir, NOON)[0]


def test_a_worker_that_was_killed_is_told_from_one_that_runs(file, settings):
    file.show(ActivitySnapshot(connected_since=NOON))

    (silent,) = local_workers(settings.state_dir, NOON + timedelta(minutes=4))

    assert not silent.is_running
    assert "stopped unexpectedly" in describe([silent], settings.state_dir, NOON)[0]


def test_a_process_that_is_gone_does_not_run(file, settings, monkeypatch):
    process = os.fork()
    if process == 0:
        os._exit(0)
    os.waitpid(process, 0)
    monkeypatch.setattr("os.getpid", lambda: process)
    file.show(ActivitySnapshot())

    (worker,) = local_workers(settings.state_dir, NOON)

    assert not worker.is_running


def test_an_orderly_end_leaves_nothing(file, settings):
    file.show(ActivitySnapshot())

    file.close()

    assert local_workers(settings.state_dir, NOON) == []
    (words,) = describe([], settings.state_dir, NOON)

    assert words.startswith(f"No worker is running with the state directory {settings.state_dir}.")
    assert "--state-dir" in words


def test_only_its_user_can_read_it_and_no_token_is_in_it(file):
    file.show(ActivitySnapshot())

    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert b"wst_secret" not in file.path.read_bytes()


def test_broken_and_very_old_files_are_no_workers(file, settings):
    file.show(ActivitySnapshot())
    (file.path.parent / "broken.json").write_text("{")

    assert states_in(settings.state_dir, NOON + timedelta(days=8)) == []
    assert not file.path.exists()


def test_a_disk_that_refuses_costs_only_the_status(settings):
    (settings.state_dir / "status").write_text("in the way")

    StatusFile(settings).show(ActivitySnapshot())
