"""All tests, with a Chromium that is fetched first: ``python -m tests [pytest's arguments]``.

Without a Chromium everything but the browser tests runs, and the run fails.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from itertools import pairwise
from typing import Final

from infra.project import BUILD_FOLDER
from tests.find_chromium import Machine, NoChromiumError

PROCESSES: Final = min(4, (os.cpu_count() or 1) + 1)
"""One more than processors: tests also wait (docs/decisions/0071)."""
SIDE_BY_SIDE: Final = ("-n", str(PROCESSES), "--dist", "loadscope", "--no-loadscope-reorder")


def main(arguments: list[str]) -> int:
    """Return the exit code of pytest, or 1 if the browser tests could not run."""
    try:
        chromium = Machine().fetch(_print)
    except NoChromiumError as missing:
        _print(f"{missing}\nRunning everything but the browser tests.")
        code = _pytest([*arguments, *without_browser(arguments)])
        _print(f"FAILED: the browser tests did not run. {missing}")
        return code or 1
    return _pytest(arguments, {"CHROMIUM": str(chromium)})


def without_browser(arguments: list[str]) -> list[str]:
    """Return the option that leaves out the browser tests, beside the marks already chosen."""
    chosen = [mark for option, mark in pairwise(arguments) if option == "-m"]
    return ["-m", " and ".join([*(f"({mark})" for mark in chosen[-1:]), "not browser"])]


def compiling_once(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment whose Pythons save what they compile, beside no source.

    To compile the tests takes each process as long as to collect them.
    """
    kept = {name: each for name, each in environment.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {"PYTHONPYCACHEPREFIX": str(BUILD_FOLDER / "bytecode"), **kept}


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _pytest(arguments: list[str], more: dict[str, str] | None = None) -> int:
    command = [sys.executable, "-m", "pytest", *SIDE_BY_SIDE, *arguments]
    environment = compiling_once(os.environ) | (more or {})
    return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
