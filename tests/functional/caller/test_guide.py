"""The examples of the guide run as shown, with its address and key replaced."""

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from spaces.domain.webhooks.message import signed_headers
from spaces.services.access.issue_credential import issue_credential
from tests.functional.caller.support.command import ROOT, environment

GUIDE = (ROOT / "docs/caller.md").read_text(encoding="utf-8")
FIRST, *LATER = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
OTHERS = [text for text in LATER if "def receive" not in text]
(RECEIVER,) = [text for text in LATER if "def receive" in text]
ALONE = """
import sys


class Missing:
    def find_spec(name, path=None, target=None):
        top = name.partition(".")[0]
        known = top == "spaces_client" or top in sys.stdlib_module_names or top in {installed}
        if not known:
            raise ModuleNotFoundError(name)


sys.meta_path.insert(0, Missing)
from spaces_client import *
from spaces_client._commands.program import app

app()
"""
SPACES = ("chat", "detect-language", "read-image", "transcribe")


@pytest.fixture
def example(server, live, aws, play, tmp_path, monkeypatch, capsys):
    """Run an example, and return what it prints."""

    def script(request):
        key = f"{request.upload.key_prefix}0"
        aws[1].put_object(Bucket="files", Key=key, Body=b"text")
        said = {"name": "out.srt", "content_type": "text/plain", "size": 1, "key": key}
        yield {"output": {"text": f"answer of {request.request_id}", "files": [said]}}

    for name in SPACES:
        live.create_space(name, features=("prompt", "call", "file"))
        play(script, space=name, endpoints=("chat.completions",))
    key = issue_credential(live.gateway, "key", list(SPACES)).secret
    monkeypatch.chdir(tmp_path)
    Path("out").mkdir()
    for name in ("speech.wav", "cat.png"):
        Path(name).write_bytes(b"content")

    def run(text, names):
        exec(text.replace("https://…", server.address).replace("wsk_…", key), names)
        return capsys.readouterr().out

    return run


@pytest.fixture
def names():
    """The variables of the examples."""
    variables = {}
    yield variables
    variables["spaces"].close()


@pytest.mark.parametrize("number", range(len(OTHERS)))
def test_an_example_runs_after_the_first(example, names, number):
    assert "answer of detect-language.1." in example(FIRST, names)
    written = example(OTHERS[number], names)

    assert re.search(r"answer of (chat|transcribe)\.|out/out\.srt", written)


def test_the_receiver_of_webhooks_believes_only_the_gateway(example, names, capsys):
    answered = example(FIRST, names).strip()
    example(RECEIVER, names)
    data = {
        "request_id": answered.removeprefix("answer of "),
        "space": "detect-language",
        "status": "COMPLETED",
        "times": {"created_at": "2026-11-22T10:00:00Z"},
        "response_url": "https://api.example.org/v1/…",
    }
    said = {"type": "request.completed", "timestamp": "2026-11-22T10:00:00Z", "data": data}
    body = json.dumps(said).encode()
    headers = signed_headers("msg_1", body, [names["secret"]], int(time.time()))

    assert names["receive"](headers, body) == (204, "")
    assert capsys.readouterr().out == f"msg_1 {answered}\n"
    assert names["receive"](headers, body + b" ")[0] == 400


def test_the_client_runs_where_nothing_else_is_installed(server, tmp_path):
    pinned = (ROOT / "requirements/caller.txt").read_text(encoding="utf-8")
    installed = re.findall(r"^([a-z0-9-]+)==", pinned, re.MULTILINE)

    code = ALONE.format(installed=[name.replace("-", "_") for name in installed])
    env = environment(server, tmp_path)
    words = [sys.executable, "-c", code, "list"]
    run = subprocess.run(words, env=env, capture_output=True, text=True, check=False)

    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("SPACE")
