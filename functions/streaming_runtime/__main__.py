"""Start the loop with what Lambda put into the environment: ``python -m streaming_runtime``."""

import os

from streaming_runtime.loop import run
from streaming_runtime.runtime_api import RuntimeApi

if __name__ == "__main__":
    run(RuntimeApi(os.environ["AWS_LAMBDA_RUNTIME_API"]), os.environ["_HANDLER"])
