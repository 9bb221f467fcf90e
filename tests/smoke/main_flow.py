"""The main flow: page, worker, prompt, streamed text, file, answer, deletion."""

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from secrets import token_bytes, token_hex
from time import perf_counter
from typing import Any, Final

import httpx

from spaces_worker import RequestContext, Result, Worker
from tests.smoke.findings import Finding, found, tried, untried
from tests.smoke.target import SmokeError, Target

FIRST_EVENT_SECONDS: Final = 4.0
"""How long the page waits for the first event of a stream before it polls instead."""
UNBUFFERED_SECONDS: Final = 1.0
"""How long before its end a stream must have had text: the worker pauses for longer."""
FIRST_TEXT_SECONDS: Final = 1.5
"""When the first streamed text should be visible, from the budget of a short request."""
ANSWER_SECONDS: Final = 60
CONNECT_SECONDS: Final = 45
LONG_ANSWER: Final = "0123456789abcdef" * 8 * 1024
"""128 KB: too long for a message, so it goes through S3."""
FILE_BYTES: Final = 300_000
_UNBUFFERED: Final = f"first within {FIRST_EVENT_SECONDS:.0f} s, text before the end"
_STREAM: Final = "stream"
_LONG: Final = "long"
Json = dict[str, Any]


def answer(prompt: str | None, context: RequestContext) -> Iterator[str | Result]:
    """Answer as the prompt asks: with a file's digest, in two pieces, at length, or with itself."""
    for file in context.files:
        yield Result(text=hashlib.sha256(file.path().read_bytes()).hexdigest())
        return
    if prompt == _STREAM:
        yield "first "
        # The gateway takes two pieces of text a second.
        context.cancelled.wait(4)
        yield "last"
    elif prompt == _LONG:
        yield Result(text=LONG_ANSWER)
    else:
        yield f"answer to {prompt}"


@asynccontextmanager
async def connected_worker(target: Target, name: str) -> AsyncIterator[float]:
    """Serve the space with the worker client; yield the seconds until it was connected."""
    with tempfile.TemporaryDirectory(prefix="smoke-worker-") as folder:
        worker = Worker(
            url=target.socket_url, token=target.token, worker_id=name, state_dir=Path(folder)
        )
        worker.space(target.space)(answer)
        began = perf_counter()
        task = asyncio.create_task(worker.serve())
        try:
            async with target.api() as api, asyncio.timeout(CONNECT_SECONDS):
                while not (await view_of(api, target)).get("connected"):  # noqa: ASYNC110
                    await asyncio.sleep(0.25)
            yield perf_counter() - began
        except TimeoutError as error:
            raise SmokeError(
                f"No worker was connected to the space {target.space} within {CONNECT_SECONDS} s. "
                f"Run spaces-worker doctor --url {target.socket_url} with the same token."
            ) from error
        finally:
            worker.stop()
            await task


async def view_of(api: httpx.AsyncClient, target: Target) -> Json:
    """Return what callers see of the space.

    Raises:
        SmokeError: they do not see it.
    """
    response = await api.get(f"/v1/spaces/{target.space}")
    if response.status_code != httpx.codes.OK:
        raise SmokeError(
            f"The space {target.space} cannot be used ({response.status_code}). Take a public "
            "space, or give an API key for it: KEY=wsk_…"
        )
    view: Json = response.json()
    return view


async def play(target: Target) -> AsyncIterator[Finding]:
    """Yield a line for each step; later steps need the earlier ones."""
    async with target.api() as api:
        page = await api.get("/")
        yield found(
            "page over HTTPS",
            "200, with a content security policy",
            f"{page.status_code}, {'with' if 'content-security-policy' in page.headers else 'no'} "
            "policy",
            as_expected=page.is_success and "content-security-policy" in page.headers,
            main=True,
        )
        view = await view_of(api, target)
        if view.get("connected"):
            raise SmokeError(
                f"Another worker serves the space {target.space}. Stop it, or take another space."
            )
        async with connected_worker(target, f"smoke-{token_hex(3)}") as seconds:
            yield found(
                "first worker connects (cold: authorizer, connect, register)",
                "within the client's 20 s",
                f"{seconds:.1f} s",
                as_expected=seconds < 20,
                main=True,
            )
            async for finding in _requests(api, target, view):
                yield finding


async def _requests(api: httpx.AsyncClient, target: Target, view: Json) -> AsyncIterator[Finding]:
    word = token_hex(4)
    began = perf_counter()
    accepted = await submit(api, target, {"prompt": word})
    result = await result_of(api, accepted)
    text = output_of(result).get("text")
    yield found(
        "prompt and answer",
        "COMPLETED with the worker's text",
        f"{result['status']} after {perf_counter() - began:.1f} s",
        as_expected=text == f"answer to {word}",
        main=True,
    )
    yield await _stream(api, target)
    yield await tried("events of a stream through CloudFront", _UNBUFFERED, _events(api, target))
    yield await _long_answer(api, target)
    yield await _file(api, target, view)
    yield await _deletion(api, accepted)


async def _stream(api: httpx.AsyncClient, target: Target) -> Finding:
    line, expected = "first text of a stream", f"visible within {FIRST_TEXT_SECONDS} s"
    began = perf_counter()
    accepted = await submit(api, target, {"prompt": _STREAM})
    first = None
    while perf_counter() - began < ANSWER_SECONDS:
        status = (await api.get(accepted["status_url"])).json()
        if first is None and (status.get("partial") or {}).get("text"):
            first = perf_counter() - began
        if status["status"] not in {"IN_QUEUE", "IN_PROGRESS"}:
            break
        await asyncio.sleep(0.2)
    if first is None:
        return untried(line, expected, "the status never had any text")
    return found(line, expected, f"{first:.1f} s", as_expected=first <= FIRST_TEXT_SECONDS)


async def _events(api: httpx.AsyncClient, target: Target) -> Finding:
    accepted = await submit(api, target, {"prompt": _STREAM})
    path = str(accepted["response_url"]).replace("/v1/", "/v1/stream/", 1)
    began, seen = perf_counter(), dict[str, float]()
    async with target.streams() as client, client.stream("GET", path) as response:
        response.raise_for_status()
        async for line in response.aiter_lines():
            if line.startswith("event: "):
                seen.setdefault("first", perf_counter() - began)
                seen.setdefault(line.removeprefix("event: "), perf_counter() - began)
    first, text, end = seen["first"], seen["text"], seen["done"]
    return found(
        "events of a stream through CloudFront",
        _UNBUFFERED,
        f"first after {first:.1f} s, text after {text:.1f} s, end after {end:.1f} s",
        as_expected=first <= FIRST_EVENT_SECONDS and end - text >= UNBUFFERED_SECONDS,
    )


async def _long_answer(api: httpx.AsyncClient, target: Target) -> Finding:
    result = await result_of(api, await submit(api, target, {"prompt": _LONG}))
    text = str(output_of(result).get("text"))
    return found(
        "answer of 128 KB, through S3",
        "arrives whole",
        f"{result['status']}, {len(text)} characters",
        as_expected=text == LONG_ANSWER,
        main=True,
    )


async def _file(api: httpx.AsyncClient, target: Target, view: Json) -> Finding:
    line, expected = "file to S3, through the worker", "its digest comes back"
    rules = view.get("files")
    if not rules:
        return untried(line, expected, "the space accepts no files")
    kind = _kind_for([str(each) for each in rules["accept"]])
    content = token_bytes(min(FILE_BYTES, int(rules["max_file_bytes"])))
    about = {"space": target.space, "name": "smoke.bin", "content_type": kind, "size": len(content)}
    begun = (await api.post("/v1/uploads", json=about)).raise_for_status().json()
    # To S3 itself, so without the caller's key.
    async with httpx.AsyncClient(timeout=60, trust_env="localhost" not in begun["url"]) as s3:
        form = {"data": begun["fields"], "files": {"file": ("smoke.bin", content)}}
        (await s3.post(begun["url"], **form)).raise_for_status()
    accepted = await submit(api, target, {"files": [{"upload_id": begun["upload_id"]}]})
    result = await result_of(api, accepted)
    same = output_of(result).get("text") == hashlib.sha256(content).hexdigest()
    seen = f"{result['status']}, {'the same' if same else 'another'} digest"
    return found(line, expected, seen, as_expected=same, main=True)


def _kind_for(accept: list[str]) -> str:
    """Return a media type that a space accepts."""
    first = (accept or ["*/*"])[0]
    examples = {"audio/*": "audio/wav", "video/*": "video/mp4", "image/*": "image/png"}
    return examples.get(first, "application/octet-stream" if "*" in first else first)


async def _deletion(api: httpx.AsyncClient, accepted: Json) -> Finding:
    deleted = await api.delete(accepted["response_url"])
    gone = await api.get(accepted["response_url"])
    return found(
        "delete a request",
        "204, then 404 or 410",
        f"{deleted.status_code}, then {gone.status_code}",
        as_expected=deleted.status_code == httpx.codes.NO_CONTENT
        and gone.status_code in {httpx.codes.NOT_FOUND, httpx.codes.GONE},
        main=True,
    )


async def submit(api: httpx.AsyncClient, target: Target, given: Json) -> Json:
    """Submit a request.

    Raises:
        SmokeError: the gateway did not accept it.
    """
    key = {"Idempotency-Key": token_hex(8)}
    url = f"/v1/spaces/{target.space}/requests"
    response = await api.post(url, json={"input": given}, headers=key)
    if response.status_code != httpx.codes.ACCEPTED:
        raise SmokeError(f"The gateway did not accept a request: {response.text[:300]}")
    accepted: Json = response.json()
    return accepted


async def result_of(api: httpx.AsyncClient, accepted: Json) -> Json:
    """Wait for a request's end and return its result.

    Raises:
        SmokeError: it did not end in time.
    """
    ends = perf_counter() + ANSWER_SECONDS
    while perf_counter() < ends:
        response = await api.get(accepted["response_url"])
        if response.status_code == httpx.codes.OK:
            result: Json = response.json()
            return result
        await asyncio.sleep(0.3)
    raise SmokeError(f"Request {accepted['request_id']} did not end within {ANSWER_SECONDS} s.")


def output_of(result: Json) -> Json:
    """Return a result's output, empty without one."""
    output: Json = result.get("output") or {}
    return output
