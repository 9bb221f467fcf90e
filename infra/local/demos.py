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

DEMOS: Final = MappingProxyType(
    {
        Example.DETECT_LANGUAGE: Demo(
            space="detect-language",
            title="Detect language",
            description="Detects which of 30 languages a text is in, and with what confidence.",
            hint="Wo ist die nächste Apotheke?",
        ),
        Example.CHAT: Demo(
            space="chat",
            title="Chat",
            description="SmolLM2, a language model with 135 million parameters, on this machine.",
            hint="Name three things to do on a rainy day.",
            requirements="requirements/example-chat.txt",
            settings={"features": ["prompt", "call"]},
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
            },
        ),
    }
)
