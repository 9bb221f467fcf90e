"""Calls Gradio's server by its client: ``gradio_caller.py PORT``."""

import concurrent.futures
import sys
import time

import calling
from gradio_client import Client
from gradio_client.client import Job
from gradio_client.utils import Status


class Caller(calling.Caller):
    def __init__(self) -> None:
        self._client = Client(f"http://127.0.0.1:{sys.argv[1]}/", verbose=False)

    def call(self, prompt: str) -> str:
        return self._client.predict(prompt, api_name="/answer")

    def submit(self, prompt: str) -> Job:
        job = self._client.submit(prompt, api_name="/answer")
        while job.status().code in {Status.STARTING, Status.JOINING_QUEUE}:
            time.sleep(0.005)
        return job

    def wait(self, request: Job, seconds: float) -> str:
        try:
            return request.result(timeout=seconds)
        except concurrent.futures.TimeoutError:
            raise TimeoutError from None


calling.serve(Caller)
