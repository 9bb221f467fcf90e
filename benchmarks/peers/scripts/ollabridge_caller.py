"""Calls OllaBridge's chat completions: ``ollabridge_caller.py PORT``."""

import concurrent.futures
import sys
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor

import calling
import httpx

_URL = f"http://127.0.0.1:{sys.argv[1]}/v1/chat/completions"
_THREADS = ThreadPoolExecutor(300)


class Caller(calling.Caller):
    def __init__(self) -> None:
        self._http = httpx.Client(
            trust_env=False, timeout=300, headers={"Authorization": "Bearer key"}
        )

    def submit(self, prompt: str) -> "Future[str]":
        sent = threading.Event()
        answer = _THREADS.submit(self._call, prompt, sent)
        sent.wait(30)
        return answer

    def wait(self, request: "Future[str]", seconds: float) -> str:
        try:
            return request.result(timeout=max(0, seconds))
        except concurrent.futures.TimeoutError:
            raise TimeoutError from None

    def _call(self, prompt: str, sent: threading.Event) -> str:
        def trace(event: str, _info: object) -> None:
            if event == "http11.send_request_body.complete":
                sent.set()

        call = {"model": "model", "messages": [{"role": "user", "content": prompt}]}
        response = self._http.post(_URL, json=call, extensions={"trace": trace})
        response.raise_for_status()
        return response.json()["choices"][0]["message"]["content"]


def make() -> Caller:
    """Return a caller as soon as a node is connected."""
    caller = Caller()
    for _ in range(300):
        try:
            caller.wait(caller.submit("hello 0"), 30)
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return caller
    raise TimeoutError("No node came.")


calling.serve(make)
