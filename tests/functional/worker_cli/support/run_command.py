"""A worker that `spaces-worker run` started, and what it is sent and says."""

from datetime import UTC, datetime, timedelta

from spaces_protocol.codec import encode
from spaces_protocol.gateway_messages import Input, Request
from spaces_protocol.worker_messages import Progress, Result


async def hand_over(gateway, prompt="one two three", params=None, call=None):
    request = Request(
        request_id="demo.1.abc",
        space="demo",
        attempt=1,
        deadline=datetime.now(UTC) + timedelta(seconds=60),
        input=Input(prompt=prompt, params=params or {}, call=call),
    )
    await gateway.links[-1].send(encode(request))


async def heard(gateway):
    """Return the streamed pieces and the result of the next request."""
    chunks = []
    while True:
        message = await gateway.heard.get()
        if isinstance(message, Progress) and message.chunk is not None:
            chunks.append(message.chunk.text)
        elif isinstance(message, Result):
            return chunks, message


async def next_chunk(gateway):
    while (message := await gateway.hear(Progress)).chunk is None:
        pass
    return message.chunk.text


async def hand_over_again(gateway):
    request = Request(
        request_id="demo.2.abc",
        space="demo",
        attempt=1,
        deadline=datetime.now(UTC) + timedelta(seconds=60),
        input=Input(prompt="again"),
    )
    await gateway.links[-1].send(encode(request))
