"""The first request of a new user: both clients, from fresh environments, on a local cloud."""

import os
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from infra.local.cloud import LocalCloud
from infra.local.lifecycle import deployed_status
from infra.local.spaces import create_space
from infra.release.packages import ReleaseError
from infra.release.run_command import run_command

WORDS: Final = "The answer comes from the wheel."
_MODEL: Final = "def answer(prompt: str) -> str:\n    return prompt\n"
_STOP_SECONDS: Final = 30
_TIMEOUT: Final = "120"


def answer_one_request(cloud: LocalCloud, commands: Path, space_name: str) -> None:
    """Connect a function with one package, and call it with the other.

    Raises:
        ReleaseError: The answer is not the one of the function.
    """
    space = create_space(cloud, space_name)
    status = deployed_status(cloud)
    with tempfile.TemporaryDirectory(prefix="model-") as folder:
        function = Path(folder) / "model.py"
        function.write_text(_MODEL, encoding="utf-8")
        worker = subprocess.Popen(  # noqa: S603 - our own command
            [commands / "spaces-worker", "run", "--function", f"{function}:answer"],
            env={
                **os.environ,
                "SPACES_URL": status.socket_url,
                "SPACES_TOKEN": space.worker_token,
                "SPACES_SPACES": space.space,
                "SPACES_STATE_DIR": folder,
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            told = run_command(
                *(commands / "spaces", "run", space.space, WORDS, "--timeout", _TIMEOUT),
                more={"SPACES_API_URL": status.api_url},
            )
        finally:
            worker.terminate()
            worker.wait(_STOP_SECONDS)
    if told.strip() != WORDS:
        raise ReleaseError(f"The space answered “{told.strip()}” instead of “{WORDS}”.")
