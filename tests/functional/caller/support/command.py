"""Runs the command ``spaces`` with its output in pipes or on a pseudo-terminal."""

import os
import pty
import re
import select
import shlex
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from spaces_client._commands.program import app
from tests.usual_signals import usual_signals

ROOT = Path(__file__).parents[4]
_SECONDS = 60
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@dataclass
class Ended:
    """How a command ended: its exit code and what it wrote."""

    code: int
    out: str
    err: str = ""

    @property
    def text(self):
        """The output of a terminal without colours and movements, line by line."""
        return _CONTROL.sub("", self.out).replace("\r\n", "\n")


def environment(server, folder, **more):
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return {
        **kept,
        "HOME": str(folder),
        "PYTHONPATH": str(ROOT / "caller_client"),
        "PYTHONUTF8": "1",
        "SPACES_API_URL": server.address,
        "TERM": "xterm-256color",
        "COLUMNS": "100",
        **more,
    }


def piped(env, *words, given=""):
    """Run the command in pipes, in this process."""
    cleared = {name: env.get(name) for name in {*os.environ, *env} if name.startswith("SPACES_")}
    run = CliRunner().invoke(app, words, input=given, env=cleared, prog_name="spaces")
    return Ended(run.exit_code, run.stdout, run.stderr)


def in_shell(env, line):
    """Run a line of shell in which ``spaces`` is the command."""
    words = ["sh", "-c", line.replace("spaces", shlex.join(_command(())))]
    run = subprocess.run(words, env=env, capture_output=True, timeout=_SECONDS, check=False)
    return Ended(run.returncode, run.stdout, run.stderr)


class Terminal:
    """The command on a terminal."""

    def __init__(self, env, *words):
        self._own, other = pty.openpty()
        with usual_signals():
            self._process = subprocess.Popen(
                _command(words),
                env=env,
                stdin=other,
                stdout=other,
                stderr=other,
                start_new_session=True,
            )
        os.close(other)
        self._seen = b""

    def until(self, pattern):
        """Read until a text has appeared."""
        deadline = time.monotonic() + _SECONDS
        while not re.search(pattern, self._seen.decode(errors="replace")):
            assert time.monotonic() < deadline, self._seen
            assert self._read(), self._seen

    def type(self, text):
        os.write(self._own, text.encode())

    def press_ctrl_c(self):
        self._process.send_signal(signal.SIGINT)

    def end(self):
        """Read to the end."""
        while self._read():
            pass
        code = self._process.wait(_SECONDS)
        os.close(self._own)
        return Ended(code, self._seen.decode(errors="replace"))

    def _read(self):
        ready, _, _ = select.select([self._own], [], [], _SECONDS)
        assert ready, self._seen
        try:
            piece = os.read(self._own, 65536)
        except OSError:  # Linux says so when the other end is closed
            return False
        self._seen += piece
        return bool(piece)


def _command(words):
    return [sys.executable, "-m", "spaces_client", *words]
