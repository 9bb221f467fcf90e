"""The examples that `demo` can run, and the spaces they need."""

from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from infra.admin.admin_client import Field


class Example(StrEnum):
    """The examples; each is a file in ``worker_client/examples``."""

    DETECT_LANGUAGE = "detect_language"
    CHAT = "chat"
    TRANSCRIBE = "transcribe"
    READ_IMAGE = "read_image"
    WATCH_VIDEO = "watch_video"


@dataclass(frozen=True, kw_only=True)
class Demo:
    """An example and its space.

    Attributes:
        space: the name of the space.
        title: the title of the space.
        description: the description of the space.
        hint: something to try.
        requirements: a requirements file with the packages it needs in addition.
        settings: settings of the space that differ from the defaults.
    """

    space: str
    title: str
    description: str
    hint: str
    requirements: str | None = None
    settings: dict[str, Field] = field(default_factory=dict)

    @property
    def takes_prompts(self) -> bool:
        """Whether a prompt alone is something to ask the model."""
        features = self.settings.get("features", ["prompt"])
        return isinstance(features, list) and "prompt" in features


_MEGABYTE: Final = 1024 * 1024
_HUB: Final = "https://huggingface.co"


def _link(title: str, url: str) -> dict[str, str]:
    return {"title": title, "url": url}


DEMOS: Final = MappingProxyType(
    {
        Example.DETECT_LANGUAGE: Demo(
            space="detect-language",
            title="Detect language",
            description="Detects which of 30 languages a text is in, and with what confidence.",
            hint="Wo ist die nächste Apotheke?",
            settings={
                "about": "Counts short sequences of characters that are typical of a language, so "
                "it needs no words of it. **Long texts are safer than short ones**, and similar "
                "languages, such as Danish and Norwegian, are the hardest.",
                "model": "py3langid",
                "licence": "BSD-3-Clause",
                "links": [_link("py3langid", "https://github.com/adbar/py3langid")],
            },
        ),
        Example.CHAT: Demo(
            space="chat",
            title="Chat",
            description="SmolLM2, a language model with 135 million parameters, on this machine.",
            hint="Name three things to do on a rainy day.",
            requirements="requirements/example-chat.txt",
            settings={
                "features": ["prompt", "call"],
                "about": "Small enough for any CPU, and for a first try. It writes fluent English, "
                "but **what it says about facts is often wrong**.",
                "model": "SmolLM2-135M-Instruct",
                "licence": "Apache-2.0",
                "links": [_link("Model card", f"{_HUB}/HuggingFaceTB/SmolLM2-135M-Instruct")],
            },
        ),
        Example.TRANSCRIBE: Demo(
            space="transcribe",
            title="Transcribe",
            description="Transcribes a recording of speech or spoken numbers.",
            hint="Record a sentence, or choose worker_client/examples/go_forward.wav.",
            requirements="requirements/example-transcribe.txt",
            settings={
                "features": ["audio"],
                "accept": ["audio/*"],
                "max_files": 1,
                "max_file_bytes": 50 * _MEGABYTE,
                "about": "Small and old: it understands a clear speaker, not a crowd. It is better "
                "at spoken numbers, because a grammar limits what it expects.",
                "model": "PocketSphinx",
                "links": [_link("PocketSphinx", "https://github.com/cmusphinx/pocketsphinx")],
            },
        ),
        Example.READ_IMAGE: Demo(
            space="read-image",
            title="Read image",
            description="Reads the text in a picture and marks where it is.",
            hint="Drop a screenshot, or paste one.",
            requirements="requirements/example-read-image.txt",
            settings={
                "features": ["image"],
                "accept": ["image/png", "image/jpeg", "image/webp"],
                "max_files": 1,
                "max_file_bytes": 20 * _MEGABYTE,
                "model": "RapidOCR",
                "licence": "Apache-2.0",
                "links": [_link("RapidOCR", "https://github.com/RapidAI/RapidOCR")],
            },
        ),
        Example.WATCH_VIDEO: Demo(
            space="watch-video",
            title="Watch video",
            description="Finds the scenes of a video and how much moves in them.",
            hint="Choose any short MP4 or WebM.",
            requirements="requirements/example-watch-video.txt",
            settings={
                "features": ["video"],
                "accept": ["video/*"],
                "max_files": 1,
                "max_file_bytes": 200 * _MEGABYTE,
                "model": "OpenCV",
                "licence": "Apache-2.0",
                "links": [_link("OpenCV", "https://opencv.org")],
            },
        ),
    }
)
