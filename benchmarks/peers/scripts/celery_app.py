"""The model as a task of Celery with Redis at ``REDIS_PORT``."""

import os

import model
from celery import Celery

REDIS = f"redis://127.0.0.1:{os.environ['REDIS_PORT']}/0"
app = Celery("celery_app", broker=REDIS, backend=REDIS)
app.conf.task_acks_late = os.environ.get("ACKS_LATE") == "1"
# The default is an hour: what a killed worker held comes back only after that time.
app.conf.broker_transport_options = {"visibility_timeout": 20}
answer = app.task(name="answer")(model.answer)
