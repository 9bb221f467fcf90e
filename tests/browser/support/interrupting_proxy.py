"""A proxy for the local cloud that closes or stalls connections during a large upload."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

PIECE = 16 * 1024
CUTS = 2


class InterruptingProxy(socketserver.ThreadingTCPServer):
    """Forwards all bytes, but cuts the first connections that send more than `cut_after` there.

    Chromium retries by itself if a connection that it had used before is cut, so the page only
    notices the second cut.

    Attributes:
        silent: instead of closing such a connection, stop reading from it.
        taken: bytes received on all connections.
    """

    daemon_threads = True

    def __init__(self, target: int, cut_after: int, *, silent: bool) -> None:
        super().__init__(("127.0.0.1", 0), _Link)
        # Small, so that a sender soon notices the stall.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * PIECE)
        self.target = target
        self.cut_after = cut_after
        self.silent = silent
        self.ended = threading.Event()
        self.cuts = 0
        self.taken = 0

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def may_cut(self, sent: int) -> bool:
        if self.cuts == CUTS or sent <= self.cut_after:
            return False
        self.cuts += 1
        return True


class _Link(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        relay = self.server
        assert isinstance(relay, InterruptingProxy)
        with socket.create_connection(("127.0.0.1", relay.target)) as far, suppress(OSError):
            back = threading.Thread(target=_carry, args=(far, self.request), daemon=True)
            back.start()
            sent = 0
            while piece := self.request.recv(PIECE):
                sent += len(piece)
                relay.taken += len(piece)
                if relay.may_cut(sent):
                    if relay.silent:
                        relay.ended.wait()
                    return
                far.sendall(piece)


def _carry(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(PIECE):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)


@contextmanager
def interrupting_proxy(
    target: int, *, cut_after: int, silent: bool = False
) -> Iterator[InterruptingProxy]:
    """Serve the proxy on a free loopback port."""
    with InterruptingProxy(target, cut_after, silent=silent) as relay:
        thread = threading.Thread(target=relay.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield relay
        relay.ended.set()
        relay.shutdown()
        thread.join()
