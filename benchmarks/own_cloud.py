"""A local cloud to measure."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.local.cloud import LocalCloud, local_cloud
from infra.local.emulator import free_port
from infra.local.lifecycle import bring_down, bring_up


@contextmanager
def own_cloud(port: int | None) -> Iterator[LocalCloud]:
    """Yield the local cloud on a port, or start one for the block if there is no port."""
    if port is not None:
        yield local_cloud(port)
        return
    with tempfile.TemporaryDirectory() as folder:
        cloud = local_cloud(free_port(), Path(folder))
        try:
            bring_up(cloud, print)
            yield cloud
        finally:
            bring_down(cloud)
