"""The official SDK before 2026: a handshake, a call with progress, a task that it asks for."""

import asyncio
import json
import os
import sys

from mcp import ClientSession
from mcp.client.streamable_http import streamablehttp_client
from mcp.types import CallToolResult

HEADERS = {"Authorization": f"Bearer {os.environ['MCP_KEY']}"}


async def tasks(session: ClientSession, tool: str, seconds: int) -> dict[str, object]:
    asked = session.experimental
    created = await asked.call_tool_as_task(tool, {"prompt": "slow", "seconds": seconds})
    task_id = created.task.taskId
    status = (await asked.get_task(task_id)).status
    result = await asked.get_task_result(task_id, CallToolResult)
    ended = (await asked.get_task(task_id)).status
    other = await asked.call_tool_as_task(tool, {"prompt": "never", "seconds": 600})
    cancelled = await asked.cancel_task(other.task.taskId)
    return {
        "task": [created.task.status, status, ended],
        "task_text": result.content[0].text,
        "cancelled": cancelled.status,
    }


async def main(tool: str, seconds: int) -> None:
    told: list[float] = []

    async def hear(progress: float, _total: float | None, _message: str | None) -> None:
        told.append(progress)

    async with (
        streamablehttp_client(os.environ["MCP_URL"], headers=HEADERS) as (read, write, _),
        ClientSession(read, write) as session,
    ):
        begun = await session.initialize()
        found: dict[str, object] = {"version": begun.protocolVersion}
        await session.send_ping()
        listed = await session.list_tools()
        found["tools"] = {each.name: each.execution.taskSupport for each in listed.tools}
        arguments = {"prompt": "hello", "loud": True}
        found["text"] = (await session.call_tool(tool, arguments)).content[0].text
        slow = {"prompt": "slow", "seconds": seconds}
        called = await session.call_tool(tool, slow, progress_callback=hear)
        found["slow"], found["progress"] = called.content[0].text, told
        found |= await tasks(session, tool, seconds)
    print(json.dumps(found))


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
