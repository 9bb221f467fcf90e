"""Calls the task through Redis: ``celery_caller.py``."""

import time

import calling
import celery.exceptions
import redis
from celery.result import AsyncResult
from celery_app import REDIS, answer


class Caller(calling.Caller):
    def submit(self, prompt: str) -> str:
        return answer.delay(prompt).id

    def wait(self, request: str, seconds: float) -> str:
        deadline = time.monotonic() + seconds
        while True:
            left = deadline - time.monotonic()
            try:
                # Results are bound to the thread that made them.
                return AsyncResult(request, app=answer.app).get(timeout=max(0.001, left))
            except celery.exceptions.TimeoutError:
                raise TimeoutError from None
            except redis.exceptions.RedisError:
                if left <= 0:
                    raise TimeoutError from None
                time.sleep(0.2)

    def read_again(self, request: str) -> list[str]:
        return [AsyncResult(request, app=answer.app).get(timeout=5)]

    def held(self) -> int:
        broker = redis.Redis.from_url(REDIS)
        return broker.llen("celery") + broker.hlen("unacked")


calling.serve(Caller)
