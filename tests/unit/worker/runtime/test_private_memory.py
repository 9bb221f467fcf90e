"""What other programs of the same user can read of a worker."""

import subprocess
import sys

import pytest

READ = """
import ctypes
from spaces_worker._commands.source_options import SourceOptions
from spaces_worker._commands.sources import load_source

load_source(SourceOptions({options}))
print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux only")
@pytest.mark.parametrize(
    ("options", "dumpable"), [("command='cat'", "0"), ("http='http://127.0.0.1:1'", "1")]
)
def test_memory_and_environment_are_closed_where_a_program_runs(options, dumpable):
    """As "dumpable" (PR_GET_DUMPABLE) says; a test that reads them would have to drop root."""
    done = subprocess.run(
        [sys.executable, "-c", READ.format(options=options)],
        env={"PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == dumpable
