"""Folders of requests: gone with their request, or else with the next start."""

import subprocess
import sys
import tempfile

import pytest

from spaces_worker._files.request_folder import (
    RequestFolder,
    _LockedFolder,
    remove_abandoned_folders,
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="folders cannot be locked")

KILLED = """
import os, signal
from spaces_worker._files.request_folder import _LockedFolder
folder = _LockedFolder.create().path
(folder / "photo.jpg").write_bytes(b"private")
print(folder, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def test_what_a_killed_process_left_is_removed(temporary):
    run = subprocess.run([sys.executable, "-c", KILLED], capture_output=True, check=False)
    (left,) = temporary.iterdir()

    remove_abandoned_folders()

    assert run.stdout.decode().strip() == str(left)
    assert list(temporary.iterdir()) == []


def test_what_a_living_process_uses_stays():
    folder = _LockedFolder.create()

    remove_abandoned_folders()

    assert folder.path.is_dir()
    folder.remove()
    assert not folder.path.exists()


def test_what_is_not_ours_stays(temporary, tmp_path_factory):
    target = tmp_path_factory.mktemp("elsewhere")
    (temporary / "spaces-worker-request-is_alink").symlink_to(target)
    (temporary / "spaces-worker-request-of-mine").mkdir()
    (temporary / "spaces-worker-request-abcdefgh").touch()

    remove_abandoned_folders()

    assert len(list(temporary.iterdir())) == 3
    assert target.is_dir()


def test_a_folder_is_private(temporary):
    folder = _LockedFolder.create()

    assert folder.path.stat().st_mode & 0o777 == 0o700
    folder.remove()


def test_a_request_that_has_ended_makes_no_folder_any_more(temporary):
    request_folder = RequestFolder()
    request_folder.close()

    with pytest.raises(RuntimeError, match="has ended"):
        _ = request_folder.path

    assert list(temporary.iterdir()) == []
