"""FastMCP: a call that lasts becomes a task, which is polled, cancelled and found again."""

import asyncio
import json
import os
import sys

from fastmcp import Client
from fastmcp.client.transports import StreamableHttpTransport
from fastmcp_tasks.client import call_tool_task


def client() -> Client:
    headers = {"Authorization": f"Bearer {os.environ['MCP_KEY']}"}
    return Client(StreamableHttpTransport(os.environ["MCP_URL"], headers=headers))


async def main(tool: str, seconds: int) -> None:
    found: dict[str, object] = {}
    async with client() as first:
        found["tools"] = [each.name for each in await first.list_tools()]
        quick = await first.call_tool(tool, {"prompt": "hello"})
        found["text"] = quick.content[0].text
        task = await call_tool_task(first, tool, {"prompt": "slow", "seconds": seconds})
        found["task"] = task.task_id
        found["status"] = (await task.status()).status
        print(json.dumps(found), flush=True)
    sys.stdin.readline()  # the functions are replaced meanwhile
    async with client() as second:
        task._client = second
        done = await task.result()
        found["result"] = done.content[0].text
        other = await call_tool_task(second, tool, {"prompt": "never", "seconds": 600})
        await other.cancel()
        found["cancelled"] = (await other.status()).status
        found["afterwards"] = (await second.call_tool(tool, {"prompt": "free"})).content[0].text
    print(json.dumps(found), flush=True)


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
