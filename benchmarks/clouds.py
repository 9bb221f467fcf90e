"""Where measurements run: a bare emulator, or a local cloud."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.local.cloud import LocalCloud, local_cloud
from infra.local.emulator import end_process, free_port, start_emulator
from infra.local.own_cloud import own_cloud


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


@contextmanager
def cloud_on(port: int | None) -> Iterator[LocalCloud]:
    """Yield the local cloud on a port, or start one for the block if there is no port."""
    if port is not None:
        yield local_cloud(port)
        return
    with own_cloud(print) as cloud:
        yield cloud
