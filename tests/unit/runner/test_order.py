"""Which tests stay in one process when they run side by side."""

import subprocess
import sys

import pytest

from infra.project import PROJECT_FOLDER
from tests.order import LOADED, scope

HEAVY = {"boto3", "aws_cdk", "infra", "playwright"}


@pytest.mark.parametrize(
    ("nodeid", "same"),
    [
        ("tests/local/test_socket.py::test_a[x@y]", "local_cloud"),
        ("tests/local/strict/test_main_flow.py::test_a", "strict_local_cloud"),
        ("tests/browser/request/test_main_flow.py::test_a", "browser_on_local_cloud"),
        ("tests/models/test_chat.py::test_a", "browser_on_local_cloud"),
        ("tests/browser/test_keyboard.py::test_a[a::b]", "tests/browser/test_keyboard.py"),
        ("tests/infra/test_site.py::test_a", "tests/infra"),
        (
            "tests/simulation/test_stories.py::test_a[b]",
            "tests/simulation/test_stories.py::test_a[b]",
        ),
        ("tests/unit/runner/test_order.py::test_a[b]", "tests/unit/runner/test_order.py"),
    ],
)
def test_tests_that_share_something_stay_together(nodeid, same):
    assert scope(nodeid) == same


def test_only_the_process_that_synthesizes_starts_node(pytestconfig):
    assert "aws_cdk" not in pytestconfig.stash[LOADED]


def test_unit_tests_load_nothing_of_the_local_cloud_or_the_browser():
    program = (
        "import sys, pytest;"
        "code = pytest.main(['-q', '--collect-only', 'tests/unit/domain']);"
        "sys.exit(str(sorted({name.partition('.')[0] for name in sys.modules} & set(sys.argv[1:])))"
        " if code == 0 else code)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, *HEAVY],
        cwd=PROJECT_FOLDER,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.stderr.strip() == "[]"
