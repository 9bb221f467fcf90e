"""The official SDK: lists tools, calls one, calls one that lasts; prints what it found as JSON."""

import asyncio
import json
import os
import sys
from base64 import b64encode

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client


async def main(tool: str, mode: str) -> None:
    found: dict[str, object] = {}
    told: list[float] = []

    async def hear(progress: float, _total: float | None, _message: str | None) -> None:
        told.append(progress)

    headers = {"Authorization": f"Bearer {os.environ['MCP_KEY']}"}
    http = httpx2.AsyncClient(headers=headers, timeout=httpx2.Timeout(30, read=300))
    transport = streamable_http_client(os.environ["MCP_URL"], http_client=http)
    async with Client(transport, mode=mode) as client:
        found["version"] = client.session.protocol_version
        listed = await client.list_tools()
        found["tools"] = [each.name for each in listed.tools]
        found["schema"] = listed.tools[0].input_schema
        file = {"data": b64encode(b"hi").decode(), "name": "a.txt", "mimeType": "text/plain"}
        arguments = {"prompt": "hello", "loud": True, "files": [file]}
        called = await client.call_tool(tool, arguments)
        found["text"] = called.content[0].text
        lasting = {"prompt": "slow", "seconds": 4}
        slow = await client.call_tool(tool, lasting, progress_callback=hear)
        found["slow"] = slow.content[0].text
        found["progress"] = told
        refused = await client.call_tool(tool, {"prompt": ""})
        found["refused"] = [refused.is_error, refused.content[0].text]
        try:
            await client.call_tool("nothing", {})
        except Exception as error:  # noqa: BLE001 - its class is what is asked for
            found["unknown"] = [type(error).__name__, str(error)]
    print(json.dumps(found))


asyncio.run(main(sys.argv[1], sys.argv[2]))
