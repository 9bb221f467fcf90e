"""A simulated model: takes its time, reports progress, and fails on demand."""

import asyncio
import os
import random
from typing import Final

from spaces_protocol.worker_messages import Usage
from spaces_worker._errors import UserError
from spaces_worker._files.result_file import File
from spaces_worker._functions.context import RequestContext
from spaces_worker._functions.result import Result

MODEL: Final = "mock-1"
STEPS: Final = 10
WORD_SECONDS: Final = 0.1
DIED: Final = 137
"""Exit code that a shell reports after ``kill -9``."""
COMMANDS: Final = (
    ("/echo TEXT", "answers TEXT at once"),
    ("/slow N", "takes N seconds"),
    ("/fail TEXT", "fails with TEXT, shown to the user"),
    ("/crash", "raises an error, whose text stays here"),
    ("/large N", "answers with N KB of text"),
    ("/stream N", "streams N words, ten a second"),
    ("/file N", "answers with a file of N KB"),
    ("/die", "at the first attempt, ends this process at once, as kill -9 does"),
)
"""Commands that a prompt can begin with, and their effects."""

_STAGES: Final = ("Reading the prompt", "Thinking", "Thinking hard", "Writing the answer")


class MockModel:
    """Answers after a random time between two bounds, in seconds."""

    def __init__(self, low: float = 1.0, high: float = 5.0) -> None:
        self._low = low
        self._high = high

    async def __call__(self, context: RequestContext) -> Result:
        """Answer one request.

        Raises:
            UserError: the prompt asked for it.
        """
        command, _, rest = context.prompt.strip().partition(" ")
        match command:
            case "/echo":
                return _result(context.prompt, rest)
            case "/fail":
                raise UserError(
                    rest or "The prompt asked for a failure.", error_type="mock_failure"
                )
            case "/crash":
                raise RuntimeError("the prompt asked for a crash")
            case "/large":
                return _result(context.prompt, "0123456789abcde\n" * int(_number(rest, 64) * 64))
            case "/stream":
                await _stream(context, int(_number(rest, 50)))
                return Result(model=MODEL)
            case "/file":
                content = b"0123456789abcde\n" * int(_number(rest, 64) * 64)
                return Result(text="A file.", files=[File(content, name="mock.txt")], model=MODEL)
            case "/die" if context.attempt == 1:
                os._exit(DIED)
            case "/die":
                return _result(context.prompt, f"Alive again, at attempt {context.attempt}.")
            case "/slow":
                seconds = _number(rest, 30.0)
            case _:
                seconds = random.uniform(self._low, self._high)  # noqa: S311 - no secret
        await _work(context, seconds)
        return _result(context.prompt, _essay(context.prompt, seconds))


async def _work(context: RequestContext, seconds: float) -> None:
    for step in range(STEPS):
        stage = _STAGES[step * len(_STAGES) // STEPS]
        context.progress(100 * step / STEPS, step=step, total=STEPS, message=stage)
        await asyncio.sleep(seconds / STEPS)
    context.progress(100, step=STEPS, total=STEPS, message="Done")


async def _stream(context: RequestContext, words: int) -> None:
    for number in range(1, words + 1):
        context.stream(f"word {number} ")
        await asyncio.sleep(WORD_SECONDS)


def _number(text: str, default: float) -> float:
    try:
        return min(3_600.0, max(0.0, float(text)))
    except ValueError:
        return default


def _essay(prompt: str, seconds: float) -> str:
    quoted = "\n".join(f"> {line}" for line in prompt.splitlines())
    return (
        f"You wrote:\n\n{quoted}\n\n"
        f"**This is a simulated answer**, {seconds:.1f} s in the making. It has\n\n"
        "- a list,\n- some `code`,\n- and no meaning at all.\n"
    )


def _result(prompt: str, text: str) -> Result:
    return Result(
        text=text,
        confidence=round(random.uniform(0.7, 0.99), 3),  # noqa: S311 - no secret
        model=MODEL,
        usage=Usage(input_tokens=len(prompt.split()), output_tokens=len(text.split())),
    )
