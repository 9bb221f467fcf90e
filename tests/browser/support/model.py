"""A model for the browser tests: it does what the prompt asks for."""

from spaces_worker import RequestContext, Result, UserError

STEP_SECONDS = 1
stopped: list[str] = []


def answer(prompt: str, context: RequestContext) -> Result:
    if prompt.startswith("fail"):
        raise UserError("The picture is too dark to read.")
    if prompt.startswith("slowly"):
        for percent in (25, 50, 75):
            context.progress(percent=percent, message=f"Read {percent} of 100 pages")
            if context.cancelled.wait(STEP_SECONDS):
                stopped.append(prompt)
                return Result(text="Nobody reads this.")
    if prompt == "What was stopped?":
        return Result(text=f"Stopped: {', '.join(stopped)}")
    text = f"**You said:** {prompt}"
    return Result(text=text, data={"length": len(prompt)}, confidence=0.87, model="mirror-1")
