"""Run the door until it is ended: ``python -m infra.local.lan_door``, with its arguments."""

import asyncio
import logging
import sys
from pathlib import Path

from infra.local.cloud import LocalCloud
from infra.local.lan_door.door import listen
from infra.local.lan_door.running import door_of


async def main(host: str, cloud: LocalCloud) -> None:
    """Serve until this process is ended."""
    server = await listen(door_of(cloud, host))
    await server.serve_forever()


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    asyncio.run(main(sys.argv[1], LocalCloud(int(sys.argv[2]), Path(sys.argv[3]))))
