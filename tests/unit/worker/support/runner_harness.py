"""A runner under test, and what it reported."""

import asyncio

import msgspec

from spaces_protocol.codec import decode_worker_message, encode
from spaces_worker._connection.file_host import FileHost
from spaces_worker._files.transfers import Transfers
from spaces_worker._functions.functions import prepare_function
from spaces_worker._functions.runner import Runner
from spaces_worker._session.effects import StartRun
from tests.unit.worker.support.session_harness import request


class RunnerHarness:
    """A runner with one function, and what it reported."""

    def __init__(self, function, *, params=None, endpoints=None, transfers=None):
        self.points = []
        self.texts = []
        self.ends = asyncio.Queue()
        self.runner = Runner(
            {"translate": prepare_function(function, params, endpoints)},
            transfers or Transfers(FileHost("ws://127.0.0.1")),
            on_progress=lambda run, point: self.points.append(point),
            on_piece=lambda run, piece: self.texts.append(piece.text),
            on_end=lambda run, message: self.ends.put_nowait(message),
        )

    def start(self, space="translate", sent=None, upload=None):
        plain = request("a", space=space)
        sent = plain.input if sent is None else sent
        asked = msgspec.structs.replace(plain, input=sent, upload=upload)
        self.runner.execute(StartRun(1, asked))
        return self

    async def end(self):
        """Return the message as the gateway reads it."""
        message = await self.ends.get()
        return None if message is None else decode_worker_message(encode(message))
