"""What people may import; changing it is a change of the API."""

import tomllib
from pathlib import Path

import spaces_worker
import spaces_worker.testing


def test_public_names():
    assert spaces_worker.__all__ == [
        "Backoff",
        "Ending",
        "File",
        "FunctionError",
        "InputFile",
        "LinkEnd",
        "ModelCall",
        "RequestContext",
        "Result",
        "SettingsError",
        "SpacesWorkerError",
        "TransferError",
        "Usage",
        "UserError",
        "Worker",
        "__version__",
    ]
    assert all(hasattr(spaces_worker, name) for name in spaces_worker.__all__)


def test_public_names_for_tests_of_functions():
    assert spaces_worker.testing.__all__ == ["RecordedContext", "request_context"]
    assert all(hasattr(spaces_worker.testing, name) for name in spaces_worker.testing.__all__)


def test_version_is_that_of_the_package():
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert spaces_worker.__version__ == project["version"]
