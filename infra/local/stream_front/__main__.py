"""Run the front until it is ended: ``python -m infra.local.stream_front``, with its arguments."""

import asyncio
import logging
import sys
from pathlib import Path

from infra.local.cloud import STAGE, LocalCloud
from infra.local.stream_front.execution import Execution
from infra.local.stream_front.executions import Executions
from infra.local.stream_front.front import Front, listen
from infra.local.stream_front.function import Function, Role
from infra.outputs import stack_outputs


def front_of(cloud: LocalCloud) -> Front:
    """Return the front of a local cloud that is deployed."""
    page = stack_outputs(cloud.aws("cloudformation"), f"spaces-{STAGE}-service")["PageUrl"]
    function = Function.deployed(cloud)
    role = Role(cloud, function.arn)

    async def start() -> Execution:
        return await Execution.start(function, await asyncio.to_thread(role.credentials))

    return Front(Executions(start), function.environment["EDGE_KEY"], page.rstrip("/"))


async def main(port: int, cloud: LocalCloud) -> None:
    """Serve until this process is ended."""
    server = await listen(front_of(cloud), port)
    await server.serve_forever()


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    asyncio.run(main(int(sys.argv[1]), LocalCloud(int(sys.argv[2]), Path(sys.argv[3]))))
