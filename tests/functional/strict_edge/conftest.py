"""An edge in front of a fake emulator, both in the loop of the test."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect

from infra.local.strict_edge.edge import StrictEdge
from infra.local.strict_edge.faults import NextFaults
from infra.local.strict_edge.rules import Rules
from infra.local.strict_edge.running import listen
from tests.functional.strict_edge.fake_emulator import API, STAGE, FakeEmulator

SIGNED = "AWS4-HMAC-SHA256 Credential={key}/20260101/us-east-1/{service}/aws4_request, Signature=x"


@dataclass
class Scene:
    """An edge, what is behind it, and who calls it."""

    emulator: FakeEmulator
    edge: StrictEdge
    rules: Rules
    faults: NextFaults
    port: int
    http: httpx.AsyncClient

    @asynccontextmanager
    async def worker(self, **options: Any) -> AsyncIterator[ClientConnection]:
        """A worker's connection."""
        url = f"ws://127.0.0.1:{self.port}/_aws/execute-api/{API}/{STAGE}"
        options = {"additional_headers": {"Authorization": "Bearer x"}, **options}
        async with connect(url, proxy=None, compression=None, **options) as socket:
            yield socket

    async def call(
        self, method: str, path: str, service: str, key: str = "ASIAFUNCTION", **options: Any
    ) -> httpx.Response:
        """Call AWS as a function does."""
        headers = {"Authorization": SIGNED.format(key=key, service=service)}
        return await self.http.request(method, path, headers=headers, **options)

    async def connections(self, method: str, connection_id: str, **options: Any) -> httpx.Response:
        """Call @connections as boto3 does, which encodes the ``=`` of an id."""
        name = connection_id.replace("=", "%3D")
        path = f"/_aws/execute-api/{API}/{STAGE}/%40connections/{name}"
        return await self.call(method, path, "execute-api", **options)


async def until(seen: Any) -> Any:
    async with asyncio.timeout(5):
        while not (found := seen()):  # noqa: ASYNC110 - it happens elsewhere
            await asyncio.sleep(0.01)
        return found


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    emulator, rules, faults = FakeEmulator(), Rules(overtake_seconds=0.0), NextFaults()
    behind = await asyncio.start_server(emulator.serve, "127.0.0.1", 0, limit=1 << 20)
    edge = StrictEdge(behind.sockets[0].getsockname()[1], rules, faults)
    server = await listen(edge, 0)
    port = server.sockets[0].getsockname()[1]
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=10
    ) as http:
        yield Scene(emulator, edge, rules, faults, port, http)
    await edge.close()
    server.close()
    behind.close()
    await server.wait_closed()
    await behind.wait_closed()
