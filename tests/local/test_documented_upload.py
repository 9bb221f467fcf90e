"""The programmer's way of docs/api.md, as it is written there."""

import re
from pathlib import Path
from secrets import token_bytes
from types import SimpleNamespace

import httpx
import pytest

from infra.project import PROJECT_FOLDER
from spaces_protocol.limits import PARTS_ABOVE_BYTES
from tests.local.support.connections import dial
from tests.local.support.files import checksum, hear, submit
from tests.local_cloud import DeployedCloud

pytestmark = pytest.mark.local


def documented(api_url: str) -> SimpleNamespace:
    """What the document's code defines."""
    text = (PROJECT_FOLDER / "docs" / "api.md").read_text("utf-8")
    [code] = re.findall(r"```python\n(import contextlib\n.*?)```", text, re.DOTALL)
    names = {"API": api_url}
    exec(code, names)
    return SimpleNamespace(**names)


def test_upload_in_parts_of_the_document_runs(
    deployed_cloud: DeployedCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    content = token_bytes(PARTS_ABOVE_BYTES + 3)
    path = tmp_path / "long.wav"
    path.write_bytes(content)
    space = deployed_cloud.create_space(features=["audio"])

    way = documented(deployed_cloud.api_url)
    with way.api:
        uploaded = way.upload(path, space.space, "audio/wav")

    with dial(deployed_cloud, space) as link, httpx.Client(trust_env=False, timeout=30) as http:
        link.register(space.space)
        submit(deployed_cloud, http, space.space, uploaded["upload_id"]).raise_for_status()
        (given,) = hear(link, "request")["input"]["files"]
        fetched = http.get(given["url"]).content
    assert (given["name"], checksum(fetched)) == ("long.wav", checksum(content))
