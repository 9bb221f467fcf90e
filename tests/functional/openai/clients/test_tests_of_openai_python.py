"""The official Python client's own tests of the calls that exist here, run against the gateway.

They are fetched with the client's source, not copied. What does not apply: deleting a model; stored
completions (retrieve, list, update, delete: the gateway keeps results by the id of a request);
editing and varying images, images that stream, and images without a model. The name of a space has
no dots, so models in the tests get dashes instead.
"""

import re
import shutil

import pytest

from tests.functional.openai.support.any_answer import any_answer
from tests.functional.openai.support.playing_worker import ALL
from tests.openai_python import SOURCE

FILES = [
    "test_models.py",
    "test_completions.py",
    "test_embeddings.py",
    "test_images.py",
    "chat/test_completions.py",
    "audio/test_transcriptions.py",
]
CHOSEN = (
    "(TestModels or TestAsyncModels) and not delete"
    " or create and not images or generate_with_all_params_overload_1"
)
MODEL = re.compile(r'(?:model=|retrieve\(\s+)"([\w.-]+)"')


@pytest.fixture
def official(tmp_path):
    """A copy of the tests in which models have the names of spaces."""
    if not SOURCE.exists():
        pytest.skip("make install-openai-clients has not been run")
    shutil.copytree(SOURCE / "tests", tmp_path / "tests")
    shutil.copy(SOURCE / "pyproject.toml", tmp_path)
    names = set()
    for name in FILES:
        file = tmp_path / "tests/api_resources" / name
        text = MODEL.sub(lambda found: found[0].replace(".", "-"), file.read_text())
        file.write_text(text)
        names |= set(MODEL.findall(text))
    return tmp_path, {name for name in names if name not in ("completion_id", "model")}


def test_official_tests_pass(official, live, play, server, passed_tests):
    folder, names = official
    for name in names:
        live.create_space(name, features=("call", "file"), max_workers=1)
        play(any_answer, space=name, endpoints=ALL)

    passed = passed_tests(
        "-oaddopts=",
        "-k",
        CHOSEN,
        *(f"tests/api_resources/{name}" for name in FILES),
        folder=folder,
        TEST_API_BASE_URL=server.base_url,
        PYTHONPATH=str(folder),
    )

    assert passed > 100
