"""The snippets for the caller client run as they stand, in an environment with nothing else."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from infra.admin.admin_client import create_secret
from infra.local.spaces import admin_of
from infra.project import PROJECT_FOLDER
from spaces_worker import RequestContext, Result
from tests.local.support.caller_environment import CallerEnvironment, install_caller
from tests.local.support.worker_client import linked
from tests.local_cloud import DeployedCloud

pytestmark = [pytest.mark.local, pytest.mark.timeout(240)]

NODE = Path(sys.executable).with_name("node")
MAKERS = PROJECT_FOLDER / "web_static/scripts/space/caller_snippets.js"
WRITE = """
const [makers, address, needs] = process.argv.slice(1);
const { CALLER_SNIPPETS } = await import(makers);
const texts = CALLER_SNIPPETS.map(({ write }) => write(JSON.parse(address), JSON.parse(needs)));
console.log(JSON.stringify(texts));
"""
RUNNERS = {"python": ["python", "-c"], "command": ["sh", "-ec"]}
PROMPT = 'it\'s "$HOME" \\ `id`, 你好'
PARAMS = {"beam": 4, "mode": "good", "id": "4"}
FILE = {"name": "file.wav", "type": "audio/wav"}
CALL = {"messages": [{"role": "user", "content": "Hello?"}]}
CONTENT = b"RIFF....WAVEfmt "


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> CallerEnvironment:
    return install_caller(tmp_path_factory.mktemp("caller"))


def snippets(page: str, space: str, needs: dict[str, Any]) -> dict[str, str]:
    address = json.dumps({"page": page, "space": space})
    words = [str(NODE), "--input-type=module", "--eval", WRITE, str(MAKERS), address]
    made = subprocess.run([*words, json.dumps(needs)], check=True, capture_output=True, text=True)
    return dict(zip(RUNNERS, json.loads(made.stdout), strict=True))


def give_back(context: RequestContext) -> Result:
    """Return all that came in."""
    said = {"prompt": context.prompt, "params": context.params}
    files = [context.folder / "out.txt"] if context.files else []
    for made in files:
        made.write_bytes(b"".join(file.read_bytes() for file in context.files))
    return Result(text=json.dumps(said, ensure_ascii=False), files=files)


def last_message(messages: list[dict[str, Any]]) -> str:
    """Answer a conversation."""
    return f"{len(messages)}: {messages[-1]['content']}"


@pytest.mark.parametrize("language", RUNNERS)
@pytest.mark.parametrize(
    "needs",
    [
        {"text": PROMPT, "params": PARAMS},
        {"text": PROMPT, "params": PARAMS, "files": [FILE], "key": ""},
        {"text": None, "files": [FILE], "key": ""},
    ],
    ids=["prompt", "file", "only a file"],
)
async def test_a_snippet_runs_as_it_stands(
    deployed_cloud: DeployedCloud,
    installed: CallerEnvironment,
    tmp_path: Path,
    needs: dict[str, Any],
    language: str,
) -> None:
    visibility = "private" if "key" in needs else "public"
    space = deployed_cloud.create_space(features=["prompt", "file"], visibility=visibility)
    key = create_secret(admin_of(deployed_cloud.cloud), "key", [space.space])["key"]
    text = snippets(deployed_cloud.api_url, space.space, needs)[language]
    (tmp_path / FILE["name"]).write_bytes(CONTENT)
    variables = {"SPACES_API_KEY": key} if "key" in needs else {}

    functions = {space.space: give_back}
    async with linked(deployed_cloud, space.worker_token, functions, tmp_path, key=key):
        ran = await asyncio.to_thread(
            installed.run, [*RUNNERS[language], text], tmp_path, **variables
        )

    assert ran.returncode == 0, ran.stderr
    prompt = needs["text"] or ""
    assert json.loads(ran.stdout.splitlines()[0]) == {
        "prompt": prompt,
        "params": needs.get("params", {}),
    }
    assert not needs.get("files") or (tmp_path / "out.txt").read_bytes() == CONTENT


@pytest.mark.parametrize("language", RUNNERS)
async def test_a_snippet_of_a_conversation_runs_as_it_stands(
    deployed_cloud: DeployedCloud, installed: CallerEnvironment, tmp_path: Path, language: str
) -> None:
    space = deployed_cloud.create_space(features=["call"])
    text = snippets(deployed_cloud.api_url, space.space, {"text": None, "call": CALL})[language]

    async with linked(deployed_cloud, space.worker_token, {space.space: last_message}, tmp_path):
        ran = await asyncio.to_thread(
            installed.run, [*RUNNERS[language], text], tmp_path, said="Hello?\n"
        )

    assert (ran.returncode, ran.stdout.strip()) == (0, "1: Hello?"), ran.stderr
