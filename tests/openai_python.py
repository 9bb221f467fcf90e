"""Fetches the source of the official Python client, whose tests run against the gateway."""

import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / ".build/openai-python"
REQUIREMENTS = ROOT / "requirements/openai-clients.txt"
_PINNED = re.compile(r"^openai(?:\[\w+\])?==(\S+)", re.MULTILINE)


def fetch() -> None:
    """Download and unpack the pinned version, if it is not there."""
    found = _PINNED.search(REQUIREMENTS.read_text("utf-8"))
    assert found, "openai is pinned"
    version = found[1]
    if (SOURCE / version).exists():
        return
    shutil.rmtree(SOURCE, ignore_errors=True)
    with TemporaryDirectory() as folder:
        download = ["download", "--quiet", "--no-deps", "--no-binary", ":all:", "--dest", folder]
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
        subprocess.run([*pip, *download, f"openai=={version}"], check=True)
        with tarfile.open(next(Path(folder).glob("openai-*.tar.gz"))) as archive:
            archive.extractall(folder, filter="data")
        shutil.move(f"{folder}/openai-{version}", SOURCE)
    (SOURCE / version).touch()


if __name__ == "__main__":
    fetch()
