"""LangChain's own tests of what a chat model has to do."""

import os
import re
import shutil
import subprocess

from tests.functional.openai.clients.conftest import SCRIPTS
from tests.functional.openai.support.any_answer import any_answer
from tests.functional.openai.support.playing_worker import ALL

# One event loop for all: the client keeps its connections from one test to the next.
LOOPS = [f"-oasyncio_default_{kind}_loop_scope=session" for kind in ("test", "fixture")]
OPTIONS = ["-q", "-p", "no:cacheprovider", "--asyncio-mode=auto", "--rootdir=.", *LOOPS]


def test_space_passes_the_standard_tests_of_langchain(live, play, server, client_python, tmp_path):
    live.create_space("chat", features=("call",))
    play(any_answer, space="chat", endpoints=ALL)

    shutil.copy(SCRIPTS / "standard_langchain.py", tmp_path)  # away from our own conftest

    ran = subprocess.run(
        [client_python, "-m", "pytest", *OPTIONS, "standard_langchain.py"],
        cwd=tmp_path,
        env={**os.environ, "OPENAI_BASE_URL": server.base_url, "OPENAI_API_KEY": "any"},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )

    assert ran.returncode == 0, ran.stdout[-16000:] + ran.stderr[-2000:]
    passed = re.search(r"(\d+) passed", ran.stdout)
    assert passed
    assert int(passed[1]) > 10
