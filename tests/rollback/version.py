"""A version of the project: its files, its templates, and its deployment to an emulator."""

import json
import os
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from infra.local.cloud import CREDENTIALS, STAGE, LocalCloud
from infra.project import PROJECT_FOLDER

CDK: Final = PROJECT_FOLDER / "node_modules" / ".bin" / "cdk"


class Failed(RuntimeError):
    """A step of the test went wrong; the message says which and how."""


@dataclass(frozen=True)
class Version:
    """A version whose templates have been synthesized.

    Attributes:
        name: how to speak of it.
        assembly: the folder of its templates and assets.
    """

    name: str
    assembly: Path

    def template(self, stack: str) -> dict[str, Any]:
        """Return the template of a stack."""
        file = self.assembly / f"{stack}.template.json"
        loaded: dict[str, Any] = json.loads(file.read_text("utf-8"))
        return loaded

    def deploy(self, cloud: LocalCloud) -> None:
        """Deploy its stacks over what is there.

        Raises:
            Failed: the CDK CLI ended with an error.
        """
        _run(
            [
                *(str(CDK), "deploy", "--app", str(self.assembly), "--all", "--method", "direct"),
                *("--require-approval", "never", "--no-color", "--no-notices"),
            ],
            cloud,
            PROJECT_FOLDER,
        )


def take_out(commit: str, folder: Path) -> Path:
    """Put the files of a commit into a folder, with this project's tools, and return it.

    Raises:
        Failed: there is no such commit.
    """
    folder.mkdir()
    archive = folder.with_suffix(".tar")
    done = subprocess.run(
        ["git", "archive", "--format", "tar", "--output", str(archive), commit],
        cwd=PROJECT_FOLDER,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Failed(f"There is no version {commit!r} to roll back to: {done.stderr.strip()}")
    with tarfile.open(archive) as files:
        files.extractall(folder, filter="data")
    (folder / "node_modules").symlink_to(PROJECT_FOLDER / "node_modules")
    return folder


def synthesize(name: str, project: Path, cloud: LocalCloud) -> Version:
    """Return the version whose files are in a folder.

    Raises:
        Failed: the CDK CLI ended with an error.
    """
    assembly = cloud.folder / f"assembly-{len(list(cloud.folder.glob('assembly-*')))}"
    _run(
        [
            *(str(CDK), "synth", "--quiet", "--no-notices", "--output", str(assembly)),
            *("--context", f"stage={STAGE}", "--context", f"emulator_port={cloud.port}"),
        ],
        cloud,
        project,
    )
    return Version(name, assembly)


def _run(command: list[str], cloud: LocalCloud, project: Path) -> None:
    own = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    sources = [project, project / "functions", project / "worker_client"]
    environment = {
        **own,
        **CREDENTIALS,
        "AWS_ENDPOINT_URL": cloud.emulator_url,
        "AWS_ENDPOINT_URL_S3": cloud.emulator_url,
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        # Before the installed packages, which are those of this version.
        "PYTHONPATH": os.pathsep.join(map(str, sources)),
    }
    done = subprocess.run(
        command,
        cwd=project,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        tail = "\n".join(done.stdout.splitlines()[-30:])
        raise Failed(f"`{' '.join(command[:2])}` failed in {project}:\n{tail}")
