"""LangChain's own tests of what a chat model has to do."""

import shutil

from spaces.domain.access.quota import CallerLimits
from tests.functional.openai.support.able_model import able_model
from tests.functional.openai.support.playing_worker import ALL
from tests.openai_clients.environment import SCRIPTS

# One event loop for all: the client keeps its connections from one test to the next.
LOOPS = [f"-oasyncio_default_{kind}_loop_scope=session" for kind in ("test", "fixture")]
OPTIONS = ["--asyncio-mode=auto", "--rootdir=.", *LOOPS]


def test_space_passes_the_standard_tests_of_langchain(live, play, server, passed_tests, tmp_path):
    live.create_space("chat", features=("call",), anonymous_limits=CallerLimits())
    play(able_model, space="chat", endpoints=ALL)

    shutil.copy(SCRIPTS / "standard_langchain.py", tmp_path)  # away from our own conftest

    passed = passed_tests(
        *OPTIONS,
        "standard_langchain.py",
        folder=tmp_path,
        OPENAI_BASE_URL=server.base_url,
        OPENAI_API_KEY="any",
    )

    assert passed > 35
