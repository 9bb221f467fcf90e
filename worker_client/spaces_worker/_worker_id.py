"""The default worker id: readable, and the same at each start on the same machine."""

import contextlib
import hashlib
import platform
import re
import uuid
from pathlib import Path


def default_worker_id() -> str:
    """Return the id for this user on this machine, such as ``atlas-3f9c1a``."""
    return worker_id_of(platform.node(), _machine(), str(Path.home()))


def worker_id_of(host: str, machine: str, home: str) -> str:
    """Return the host's name in valid characters, plus a hash that makes the id unique."""
    fit = re.sub(r"[^A-Za-z0-9._-]+", "-", host).strip("-._")[:40] or "worker"
    short = hashlib.sha256(f"{machine}\n{home}".encode()).hexdigest()[:6]
    return f"{fit}-{short}"


def _machine() -> str:
    with contextlib.suppress(OSError):
        return Path("/etc/machine-id").read_text(encoding="ascii").strip()
    return f"{uuid.getnode():x}"
