import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HANDLERS = sorted(
    path.stem
    for path in (ROOT / "functions/spaces/handlers").glob("*.py")
    if "\nhandler = " in path.read_text() or "\ndef handler(" in path.read_text()
)
HEAVY = (
    "boto3", "s3transfer", "pydantic", "aws_xray_sdk", "aws_lambda_powertools.utilities.parser",
    "httpx", "rich",
)  # fmt: skip
"""boto3 brings the transfer manager of S3 along; botocore alone creates its clients."""


@pytest.mark.parametrize("config", ["pyproject.toml", "caller_client/pyproject.toml"])
def test_import_rules_hold(config):
    """The contracts, checked by import-linter, indirect imports included."""
    lint = str(Path(sys.executable).with_name("lint-imports"))
    command = [lint, "--no-cache", "--config", config]
    env = {"PYTHONPATH": "functions:worker_client:caller_client:.", "PATH": "/usr/bin:/bin"}
    run = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("name", HANDLERS)
def test_a_handler_imports_nothing_heavy(name):
    code = f"import sys, spaces.handlers.{name}\nprint([m for m in {HEAVY!r} if m in sys.modules])"
    env = {"PYTHONPATH": "functions", "AWS_DEFAULT_REGION": "eu-central-1"}
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=True
    )

    assert run.stdout.strip() == "[]"
