"""Run the edge until it is ended: ``python -m infra.local.strict_edge PORT EMULATOR_PORT``."""

import asyncio
import logging
import sys

from infra.local.strict_edge.edge import StrictEdge
from infra.local.strict_edge.rules import Rules
from infra.local.strict_edge.running import listen


async def main(port: int, emulator_port: int) -> None:
    """Serve the edge with the numbers of AWS."""
    server = await listen(StrictEdge(emulator_port, Rules()), port)
    await server.serve_forever()


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    asyncio.run(main(*map(int, sys.argv[1:3])))
