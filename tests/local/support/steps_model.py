"""A model that takes as many seconds as it is told."""

import time

from msgspec import Struct

from spaces_worker import RequestContext


class Options(Struct):
    """How to answer."""

    seconds: int = 0
    loud: bool = False


def answer(prompt: str, params: Options, context: RequestContext) -> str:
    """Repeat the prompt with the names of the files, and report each second."""
    for step in range(params.seconds):
        context.progress(step=step + 1, total=params.seconds)
        time.sleep(1)
    return " ".join([prompt.upper() if params.loud else prompt, *(f.name for f in context.files)])
