r"""Watches a video: finds its scenes and how much moves in them, and gives a picture of each.

Needs ``pip install spaces-worker opencv-python-headless pillow`` (or, with pinned versions,
requirements/example-watch-video.txt). Then either of

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

LOOKS_A_SECOND = 4
MOST_LOOKS = 4_000
MOST_PICTURES = 8
LONGEST_SIDE = 480  # of a picture, in pixels
CUT = 0.35
"""Share of the colours that must change between two looks to call it another scene."""
STILL, LIVELY = 0.01, 0.06
"""Share of the picture's brightness that changes between two looks."""


@dataclass
class Scene:
    """A part of the video without a cut; times in seconds."""

    start: float
    end: float
    picture: np.ndarray
    changes: list[float] = field(default_factory=list)

    @property
    def motion(self) -> float:
        """How much changes between two looks, 0 to 1."""
        return fmean(self.changes) if self.changes else 0.0


def watch_video(context: RequestContext) -> Result:
    """Return the scenes of the first file as a table, with a picture of each."""
    if not context.files:
        raise UserError("Choose a video; there is nothing to watch.")
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
            for number, scene in enumerate(scenes[:MOST_PICTURES], start=1)
        ],
        model=f"OpenCV {cv2.__version__}",
    )


def find_scenes(path: Path, context: RequestContext) -> list[Scene]:
    """Return the scenes of a video; a cut is where most colours change at once."""
    scenes: list[Scene] = []
    before = colours_before = None
    for share, time, picture in looks(path):
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
        raise UserError("This is no video that I can read; try MP4 or WebM.")
    scenes[-1].end += 1 / LOOKS_A_SECOND  # nothing was looked at after it
    return scenes


def looks(path: Path) -> Iterator[tuple[float, float, np.ndarray]]:
    """Yield a few pictures a second: the share that was watched, the time, the picture."""
    video = cv2.VideoCapture(str(path))
    try:
        rate = video.get(cv2.CAP_PROP_FPS) or 25.0
        frames = max(1.0, video.get(cv2.CAP_PROP_FRAME_COUNT))
        step = max(1, round(rate / LOOKS_A_SECOND))
        for number in range(MOST_LOOKS * step):
            if not video.grab():
                return
            if number % step == 0:
                readable, picture = video.retrieve()
                if readable:
                    yield min(1.0, number / frames), number / rate, smaller(picture)
    finally:
        video.release()


def smaller(picture: np.ndarray) -> np.ndarray:
    """Return a picture whose longer side fits a preview; it stays as wide for its height."""
    height, width = picture.shape[:2]
    share = min(1.0, LONGEST_SIDE / max(height, width))
    return cv2.resize(picture, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)


def histogram(picture: np.ndarray) -> np.ndarray:
    """Return the share of each of 64 hues and intensities."""
    hues = cv2.cvtColor(picture, cv2.COLOR_BGR2HSV)
    counts = cv2.calcHist([hues], [0, 1, 2], None, [4, 4, 4], [0, 180, 0, 256, 0, 256])
    return (counts / counts.sum()).ravel()


def in_words(motion: float) -> str:
    """Return how much moves."""
    if motion <= STILL:
        return "still"
    return "lively" if motion > LIVELY else "some"


def as_picture(picture: np.ndarray) -> Image.Image:
    """Return a picture of OpenCV as one of Pillow."""
    return Image.fromarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))


if __name__ == "__main__":
    worker = Worker()
    worker.space("watch-video")(watch_video)
    worker.run()
