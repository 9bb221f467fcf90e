"""All that callers and worker see of the gateway: ``door.py PORT GATEWAY_PORT``.

It only passes bytes on. Killing it cuts every connection at once.
"""

import asyncio
import contextlib
import sys

_PORT, _GATEWAY_PORT = map(int, sys.argv[1:])
_CHUNK = 65_536


async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass on what one side sends until it closes."""
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(_CHUNK):
            writer.write(data)
            await writer.drain()
    writer.close()


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Join a connection to one of the gateway."""
    inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", _GATEWAY_PORT)
    await asyncio.gather(carry(reader, inner_writer), carry(inner_reader, writer))


async def main() -> None:
    """Serve until killed."""
    server = await asyncio.start_server(serve, "127.0.0.1", _PORT)
    await server.serve_forever()


asyncio.run(main())
