r"""Reads the text in a picture and returns the picture with the recognised lines marked.

Needs ``pip install spaces-worker rapidocr-onnxruntime`` (or use the pinned
versions in requirements/example-read-image.txt); the package contains the models. Then run one of

    spaces-worker run --function worker_client/examples/read_image.py:read_image \
        --url wss://… --token wst_… --spaces read-image

    SPACES_URL=wss://… SPACES_TOKEN=wst_… python worker_client/examples/read_image.py
"""

from statistics import fmean
from threading import Lock

from PIL import Image, ImageDraw, ImageOps, UnidentifiedImageError
from rapidocr_onnxruntime import RapidOCR

from spaces_worker import File, RequestContext, Result, UserError, Worker

MAX_PIXELS = 40_000_000
LONGEST_SIDE = 2_000
MARK = (214, 51, 108)

reader = RapidOCR()
one_at_a_time = Lock()
"""The reader stores the size of the picture, so it can only read one at a time."""


def read_image(context: RequestContext) -> Result:
    """Return the text of the first file, line by line, and the marked picture."""
    if not context.files:
        raise UserError("Choose a picture to read.")
    picture = opened(context)
    context.progress(20, message="looking for lines")
    with one_at_a_time:
        found, _ = reader(picture)
    lines = [
        {"text": text, "confidence": round(float(sure), 3), "box": frame_of(corners)}
        for corners, text, sure in found or []
    ]
    if not lines:
        return Result(text="I found no text in this picture.", confidence=0.0, model="RapidOCR")
    context.progress(90, message="marking the lines")
    return Result(
        text="\n\n".join(line["text"] for line in lines),
        data={"lines": lines},
        files=[File(marked(picture, lines), name="marked.png")],
        confidence=fmean(line["confidence"] for line in lines),
        model="RapidOCR",
    )


def opened(context: RequestContext) -> Image.Image:
    """Return the first file as an upright RGB picture, scaled down if it is large."""
    try:
        picture = Image.open(context.files[0].path())
        if picture.width * picture.height > MAX_PIXELS:
            raise UserError("This picture is too large. The limit is 40 megapixels.")
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError) as error:
        raise UserError("This file is not a readable picture. Try PNG, JPEG or WebP.") from error
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return upright


def frame_of(corners: list[list[float]]) -> list[int]:
    """Return left, top, right and bottom of the frame around the corners, in pixels."""
    across, down = zip(*corners, strict=True)
    return [round(side) for side in (min(across), min(down), max(across), max(down))]


def marked(picture: Image.Image, lines: list[dict]) -> Image.Image:
    """Return a copy with a frame around each line."""
    copy = picture.copy()
    pen = ImageDraw.Draw(copy)
    for line in lines:
        pen.rectangle(line["box"], outline=MARK, width=3)
    return copy


if __name__ == "__main__":
    worker = Worker()
    worker.space("read-image")(read_image)
    worker.run()
