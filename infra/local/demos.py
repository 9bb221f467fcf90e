"""The examples that the demo can show, and the spaces that they need."""

from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from infra.admin.admin_client import Field


class Example(StrEnum):
    """Examples that the demo can show; each is a file under ``worker_client/examples``."""

    DETECT_LANGUAGE = "detect_language"
    CHAT = "chat"
    TRANSCRIBE = "transcribe"
    READ_IMAGE = "read_image"
    WATCH_VIDEO = "watch_video"


@dataclass(frozen=True, kw_only=True)
class Show:
    """How an example is shown.

    Attributes:
        space: name of its space.
        title: of the space.
        description: of the space.
        hint: something to try.
        requirements: file with what it needs beyond the development tools.
        settings: of the space, beyond the defaults.
    """

    space: str
    title: str
    description: str
    hint: str
    requirements: str | None = None
    settings: dict[str, Field] = field(default_factory=dict)


_MEGABYTE: Final = 1024 * 1024

SHOWS: Final = MappingProxyType(
    {
        Example.DETECT_LANGUAGE: Show(
            space="detect-language",
            title="Detect language",
            description="Says in which of 30 languages a text is written, and how sure it is.",
            hint="Wo ist die nächste Apotheke?",
        ),
        Example.CHAT: Show(
            space="chat",
            title="Chat",
            description="SmolLM2, a language model of 135 million parameters, on this machine.",
            hint="Name three things to do on a rainy day.",
            requirements="requirements/example-chat.txt",
        ),
        Example.TRANSCRIBE: Show(
            space="transcribe",
            title="Transcribe",
            description="Writes down what is said in a recording: speech, or spoken numbers.",
            hint="Record a sentence, or choose worker_client/examples/go_forward.wav.",
            requirements="requirements/example-transcribe.txt",
            settings={
                "features": ["audio"],
                "accept": ["audio/*"],
                "max_files": 1,
                "max_file_bytes": 50 * _MEGABYTE,
            },
        ),
        Example.READ_IMAGE: Show(
            space="read-image",
            title="Read image",
            description="Reads the text in a picture and marks where it stands.",
            hint="Drop a screenshot, or paste one.",
            requirements="requirements/example-read-image.txt",
            settings={
                "features": ["image"],
                "accept": ["image/png", "image/jpeg", "image/webp"],
                "max_files": 1,
                "max_file_bytes": 20 * _MEGABYTE,
            },
        ),
        Example.WATCH_VIDEO: Show(
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
