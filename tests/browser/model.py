"""A model for the tests in the browser: it does what the prompt asks for."""

import time

from spaces_worker import RequestContext, Result, UserError

STEP_SECONDS = 0.5


def answer(prompt: str, context: RequestContext) -> Result:
    if prompt.startswith("fail"):
        raise UserError("The picture is too dark to read.")
    if prompt.startswith("slowly"):
        for percent in (25, 50, 75):
            context.progress(percent=percent, message=f"Read {percent} of 100 pages")
            time.sleep(STEP_SECONDS * 2)
    text = f"**You said:** {prompt}"
    return Result(text=text, data={"length": len(prompt)}, confidence=0.87, model="mirror-1")
