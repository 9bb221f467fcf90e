r"""Finds the scenes of a video, measures their motion and returns a picture of each.

Needs ``pip install spaces-worker opencv-python-headless pillow`` (or use the pinned
versions in requirements/example-watch-video.txt). Then run one of

    spaces-worker run --function worker_client/examples/watch_video.py:watch_video \
        --url wss://… --token wst_… --spaces watch-video

    SPACES_URL=wss://… SPACES_TOKEN=wst_… python worker_client/examples/watch_video.py
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean

import cv2
import numpy as np
from PIL import Image

from spaces_worker import File, RequestContext, Result, UserError, Worker

SAMPLES_PER_SECOND = 4
MAX_SAMPLES = 4_000
MAX_PICTURES = 8
LONGEST_SIDE = 480  # of a picture, in pixels
CUT = 0.35
"""Fraction of the colours that must change between two samples to start another scene."""
STILL, LIVELY = 0.01, 0.06
"""Fraction of the picture's brightness that changes between two samples."""


@dataclass
class Scene:
    """A part of the video without a cut; times in seconds."""

    start: float
    end: float
    picture: np.ndarray
    changes: list[float] = field(default_factory=list)

    @property
    def motion(self) -> float:
        """How much changes between two samples, 0 to 1."""
        return fmean(self.changes) if self.changes else 0.0


def watch_video(context: RequestContext) -> Result:
    """Return the scenes of the first file as a table, with a picture of each."""
    if not context.files:
        raise UserError("Choose a video to analyse.")
    scenes = find_scenes(context.files[0].path(), context)
    moving = sum(scene.motion > STILL for scene in scenes)
    rows = "\n".join(
        f"| {number} | {scene.start:.1f} to {scene.end:.1f} s | {in_words(scene.motion)} |"
        for number, scene in enumerate(scenes, start=1)
    )
    count = "1 scene" if len(scenes) == 1 else f"{len(scenes)} scenes"
    return Result(
        text=f"{scenes[-1].end:.1f} seconds in {count}; something moves in {moving}.\n\n"
        f"| scene | time | motion |\n|---|---|---|\n{rows}\n",
        data={
            "scenes": [
                {"start": round(s.start, 2), "end": round(s.end, 2), "motion": round(s.motion, 3)}
                for s in scenes
            ]
        },
        files=[
            File(as_picture(scene.picture), name=f"scene-{number}.png")
            for number, scene in enumerate(scenes[:MAX_PICTURES], start=1)
        ],
        model=f"OpenCV {cv2.__version__}",
    )


def find_scenes(path: Path, context: RequestContext) -> list[Scene]:
    """Return the scenes of a video; a cut is where many colours change at once."""
    scenes: list[Scene] = []
    before = colours_before = None
    for share, time, picture in samples(path):
        if context.cancelled.is_set():
            break
        if scenes:
            scenes[-1].end = time
        colours, brightness = histogram(picture), cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
        if before is None or float(np.abs(colours - colours_before).sum()) / 2 > CUT:
            scenes.append(Scene(start=time, end=time, picture=picture))
        else:
            scenes[-1].changes.append(float(cv2.absdiff(brightness, before).mean()) / 255)
        before, colours_before = brightness, colours
        context.progress(100 * share, message=f"{time:.0f} s, scene {len(scenes)}")
    if not scenes:
        raise UserError("This file is not a readable video. Try MP4 or WebM.")
    scenes[-1].end += 1 / SAMPLES_PER_SECOND  # the last sample stands for the time after it
    return scenes


def samples(path: Path) -> Iterator[tuple[float, float, np.ndarray]]:
    """Yield a few pictures per second, each with the fraction watched and the time."""
    video = cv2.VideoCapture(str(path))
    try:
        rate = video.get(cv2.CAP_PROP_FPS) or 25.0
        frames = max(1.0, video.get(cv2.CAP_PROP_FRAME_COUNT))
        step = max(1, round(rate / SAMPLES_PER_SECOND))
        for number in range(MAX_SAMPLES * step):
            if not video.grab():
                return
            if number % step == 0:
                readable, picture = video.retrieve()
                if readable:
                    yield min(1.0, number / frames), number / rate, smaller(picture)
    finally:
        video.release()


def smaller(picture: np.ndarray) -> np.ndarray:
    """Return a picture scaled to a preview, with its aspect ratio kept."""
    height, width = picture.shape[:2]
    share = min(1.0, LONGEST_SIDE / max(height, width))
    return cv2.resize(picture, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)


def histogram(picture: np.ndarray) -> np.ndarray:
    """Return the fraction of each of 64 hues and intensities."""
    hues = cv2.cvtColor(picture, cv2.COLOR_BGR2HSV)
    counts = cv2.calcHist([hues], [0, 1, 2], None, [4, 4, 4], [0, 180, 0, 256, 0, 256])
    return (counts / counts.sum()).ravel()


def in_words(motion: float) -> str:
    """Return the motion in words."""
    if motion <= STILL:
        return "still"
    return "lively" if motion > LIVELY else "some"


def as_picture(picture: np.ndarray) -> Image.Image:
    """Convert an OpenCV picture to a Pillow image."""
    return Image.fromarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))


if __name__ == "__main__":
    worker = Worker()
    worker.space("watch-video")(watch_video)
    worker.run()
