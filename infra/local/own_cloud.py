"""A local cloud for a block of code."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.local.cloud import LocalCloud, local_cloud
from infra.local.emulator import free_port
from infra.local.lifecycle import Report, StartEdge, bring_down, bring_up


@contextmanager
def own_cloud(report: Report, edge: StartEdge | None = None) -> Iterator[LocalCloud]:
    """Start a local cloud on a free port and in a folder of its own; end it after the block.

    Args:
        report: called with each step.
        edge: as for `infra.local.lifecycle.bring_up`.
    """
    with tempfile.TemporaryDirectory() as folder:
        cloud = local_cloud(free_port(), Path(folder))
        try:
            bring_up(cloud, report, edge)
            yield cloud
        finally:
            bring_down(cloud)
