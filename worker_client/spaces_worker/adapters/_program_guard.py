"""Ends running programs when the worker is killed, which leaves it no time to do so itself."""

import contextlib
import subprocess
import sys
import threading
from typing import Final

_SCRIPT: Final = """
trap '' HUP INT QUIT TERM
groups=
while read -r sign group; do
    rest=
    for each in $groups; do
        [ "$each" = "$group" ] || rest="$rest $each"
    done
    groups=$rest
    [ "$sign" = - ] || groups="$groups $group"
done
for each in $groups; do
    kill -s KILL -- "-$each"
done
"""
"""Keeps the process groups in a list until its input ends, then kills those that are left."""


class ProgramGuard:
    """A small shell that reads from a pipe, whose other end closes when this process ends.

    It starts with the first program. There is none on Windows, which has no process groups.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shell: subprocess.Popen[bytes] | None = None

    def add(self, group: int) -> None:
        """End this process group if this process is killed."""
        self._write(f"+ {group}\n")

    def remove(self, group: int) -> None:
        """Forget a process group that has ended."""
        self._write(f"- {group}\n")

    def _write(self, line: str) -> None:
        if sys.platform == "win32":
            return
        with self._lock, contextlib.suppress(OSError):  # without a shell, only the guard is missing
            if self._shell is None:
                self._shell = subprocess.Popen(  # noqa: S603 - a constant command
                    ["/bin/sh", "-c", _SCRIPT],
                    bufsize=0,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    cwd="/",
                    env={},
                    start_new_session=True,  # so that no signal of a terminal reaches it
                )
            if self._shell.stdin is not None:
                self._shell.stdin.write(line.encode())


program_guard: Final = ProgramGuard()
"""The guard of this process."""
