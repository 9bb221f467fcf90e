"""The core of the session, free of I/O, is covered to its last branch by its own unit tests."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
PACKAGE = ROOT / "worker_client" / "spaces_worker"
CORE = (
    "_connection/backoff",
    "_connection/duplicate_worker",
    "_session/connection_timer",
    "_session/effects",
    "_session/held_requests",
    "_session/outbox",
    "_session/progress",
    "_session/registration",
    "_session/request_tracker",
    "_session/session",
    "_session/slot_sharing",
    "_session/text_stream",
    "_text",
)
TESTS = ("connection", "session", "test_text.py")


def run(folder, *arguments):
    environ = {**os.environ, "COVERAGE_FILE": str(folder / "coverage")}
    command = [sys.executable, "-m", "coverage", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )


def test_every_branch_of_the_core_is_tested(tmp_path):
    files = ",".join(str(PACKAGE / f"{name}.py") for name in CORE)
    folder = ROOT / "tests" / "unit" / "worker"
    tests = [str(folder / name) for name in TESTS]
    pytest = ["pytest", "-q", "-p", "no:cacheprovider", f"--confcutdir={folder}"]

    tested = run(tmp_path, "run", "--branch", f"--include={files}", "-m", *pytest, *tests)
    report = run(tmp_path, "report", "--show-missing", "--skip-covered", "--fail-under=100")

    assert tested.returncode == 0, tested.stdout
    assert report.returncode == 0, report.stdout
