"""Where measurements run: a bare emulator, or a local cloud."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.local.cloud import LocalCloud, local_cloud
from infra.local.emulator import end_process, free_port, start_emulator


@contextmanager
def bare_emulator() -> Iterator[LocalCloud]:
    """Yield an emulator to which nothing is deployed."""
    with tempfile.TemporaryDirectory() as folder:
        cloud = local_cloud(free_port(), Path(folder))
        emulator = start_emulator(cloud)
        try:
            yield cloud
        finally:
            end_process(emulator)
