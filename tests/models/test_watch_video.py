"""A generated video of three scenes, of which the second moves, is summarised with pictures."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from infra.local.demos import Example
from tests.models.new_user import NewUser

pytestmark = [pytest.mark.models, pytest.mark.browser, pytest.mark.local]

FRAMES_A_SECOND = 12
SCENE_FRAMES = 24
BLUE, GREEN, RED = (180, 60, 20), (40, 160, 40), (30, 30, 200)


def filmed(path: Path) -> Path:
    """Write six seconds of upright video: blue, a white ball that falls over green, red."""
    cv2, numpy = pytest.importorskip("cv2"), pytest.importorskip("numpy")
    code = cv2.VideoWriter_fourcc(*"mp4v")
    video = cv2.VideoWriter(str(path), code, FRAMES_A_SECOND, (180, 320))
    for number in range(3 * SCENE_FRAMES):
        scene, step = divmod(number, SCENE_FRAMES)
        picture = numpy.full((320, 180, 3), (BLUE, GREEN, RED)[scene], numpy.uint8)
        if scene == 1:
            cv2.circle(picture, (90, 20 + 12 * step), 30, (255, 255, 255), -1)
        video.write(picture)
    video.release()
    return path


def test_scenes_and_motion_of_a_video_are_told_with_a_picture_of_each(
    visit: Callable[[Example], NewUser], tmp_path: Path
) -> None:
    user = visit(Example.WATCH_VIDEO)
    user.choose(filmed(tmp_path / "three_scenes.mp4"))

    user.run()

    answer = user.answer()
    expect(answer.locator(".prose")).to_contain_text("seconds in 3 scenes; something moves in 1.")
    cells = answer.locator(".prose tbody tr td:last-child")
    expect(cells).to_have_text(["still", "some", "still"])
    for number in (1, 2, 3):
        picture = user.page.get_by_role("img", name=f"Image: scene-{number}.png")
        expect(picture).to_have_js_property("naturalWidth", 180)
    user.keep_picture("example-watch-video", answer)


def test_file_that_is_no_video_is_told_in_a_sentence(
    visit: Callable[[Example], NewUser], tmp_path: Path
) -> None:
    (tmp_path / "broken.mp4").write_bytes(b"no video at all")
    user = visit(Example.WATCH_VIDEO)
    user.choose(tmp_path / "broken.mp4")

    user.run()

    said = "This file is not a readable video. Try MP4 or WebM."
    expect(user.page.get_by_text(said, exact=True)).to_be_visible(timeout=60_000)
