"""Calls a space by the project's own client: ``spaces_caller.py API_URL SPACE``."""

import sys
import time

import calling

from spaces_client import ConnectionFailed, Request, Spaces, WaitTimedOut

_PAUSE = 0.5


class Caller(calling.Caller):
    def __init__(self) -> None:
        self._spaces = Spaces(sys.argv[1])

    def submit(self, prompt: str) -> Request:
        return self._spaces.submit(sys.argv[2], prompt)

    def wait(self, request: Request, seconds: float) -> str:
        deadline = time.monotonic() + seconds
        while True:
            try:
                return request.result(timeout=max(0, deadline - time.monotonic())).text or ""
            except WaitTimedOut:
                raise TimeoutError from None
            except ConnectionFailed:  # the gateway is down
                if time.monotonic() > deadline:
                    raise TimeoutError from None
                time.sleep(_PAUSE)

    def read_again(self, request: Request) -> list[str]:
        return [self.wait(request, 30)]


calling.serve(Caller)
