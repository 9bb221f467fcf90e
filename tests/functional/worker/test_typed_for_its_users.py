"""A program of a user, checked by mypy --strict against the package as it is installed."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
PROGRAM = """
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import msgspec
from PIL import Image

from spaces_worker import (
    Backoff, Ending, File, InputFile, LinkEnd, RequestContext, Result, Usage, UserError, Worker,
)

worker = Worker(url="wss://x", token="wst_x", concurrency=2, reconnect_delay=Backoff())


class Options(msgspec.Struct):
    tokens: int = 5


@worker.space("plain")
def plain(prompt: str) -> str:
    return prompt


@worker.space("pieces", "more", concurrency=1, params=Options)
def pieces(prompt: str, context: RequestContext) -> Iterator[str | Result]:
    for number in range(context.params.tokens):
        context.progress(step=number, total=5, message="going on")
        yield prompt
    yield Result(model="m", usage=Usage(output_tokens=5))


@worker.space("async")
async def asynchronous(context: RequestContext) -> AsyncIterator[str]:
    file: InputFile = context.files[0]
    path: Path = await file.download()
    if not path.name or context.cancelled.is_set():
        raise UserError("No name.", error_type="bad_file")
    yield path.name


@worker.space("files", params={"type": "object", "properties": {}})
def files(context: RequestContext) -> Result:
    image = Image.new("RGB", (1, 1))
    named = File(image, name="a.png")
    return Result(text="Hi", files=[image, b"bytes", context.folder / "a", named], confidence=0.5)


@worker.space("one-file")
def one_file(prompt: str) -> Result:
    with open(prompt, "rb") as opened:
        return Result(files=[opened, "out.png"] if prompt else "out.png", usage={"input_tokens": 1})


def delay(end: LinkEnd) -> float:
    return end.lived_seconds


ending: Ending = worker.run()
answer: str = plain("x")  # a decorated function is still itself
wrong: int = plain("x")
"""


def test_a_users_program_is_checked_and_its_mistake_is_found(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    config = tmp_path / "mypy.ini"
    config.write_text("[mypy]\nstrict = True\n", encoding="utf-8")

    checked = subprocess.run(
        [sys.executable, "-m", "mypy", f"--config-file={config}", "program.py"],
        cwd=tmp_path,
        env={**os.environ, "MYPYPATH": f"{ROOT / 'worker_client'}:{ROOT / 'functions'}"},
        capture_output=True,
        text=True,
        check=False,
    )

    errors = [line for line in checked.stdout.splitlines() if "error" in line]
    (mistake,) = [line for line in errors if "program.py" in line]
    assert "Incompatible types in assignment" in mistake
    assert mistake.startswith(f"program.py:{len(PROGRAM.splitlines())}:")
    assert len(errors) == 2, errors
