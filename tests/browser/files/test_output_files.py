"""Files of a result: shown, played or downloaded; nothing in them runs."""

import wave
from io import BytesIO

import pytest
from playwright.sync_api import Page, expect

from spaces_protocol.rest_bodies import FileView, InputView, OutputView, RequestState
from tests.browser.support.axe import violations
from tests.browser.support.bodies import REQUEST_ID, ago, result, space, status
from tests.browser.support.file_form import PNG
from tests.browser.support.gateway_stub import Answer, GatewayStub
from tests.browser.support.history import POEM, remember

pytestmark = pytest.mark.browser

HOUR = 3600.0


def file(name: str, content_type: str, url: str, *, inline: bool, lasts: float = HOUR) -> FileView:
    return FileView(
        name=name,
        content_type=content_type,
        size=20_480,
        url=url,
        download_url=f"{url}#saved" if url.startswith("http") else url,
        inline=inline,
        expires_at=ago(-lasts),
    )


def show(page: Page, gateway: GatewayStub, *results: OutputView) -> None:
    gateway.spaces = [space()]
    gateway.statuses = [Answer(status(RequestState.COMPLETED))]
    gateway.results = [Answer(result(output=output)) for output in results]
    page.goto(f"/space.html?space=echo&request={REQUEST_ID}")
    expect(page.locator("#result-title")).to_have_text("Answered")


def test_pictures_sound_and_video_are_shown_and_all_else_is_a_download(
    page: Page, gateway: GatewayStub, static_page_url: str
) -> None:
    gateway.storage.files["a.png"] = ("image/png", PNG)
    at = f"{static_page_url}/storage/"
    files = [
        file("a.png", "image/png", f"{at}a.png", inline=True),
        file("a.mp3", "audio/mpeg", f"{at}a.mp3", inline=True),
        file("a.mp4", "video/mp4", f"{at}a.mp4", inline=True),
        file("a.pdf", "application/pdf", f"{at}a.pdf", inline=False),
    ]

    show(page, gateway, OutputView(files=files))

    shown = page.locator(".output-files")
    expect(shown.locator("img, audio, video")).to_have_count(3)
    expect(shown.get_by_role("img", name="Image: a.png")).to_have_js_property("naturalWidth", 1920)
    expect(shown.get_by_role("link", name="a.pdf")).to_have_attribute("download", "a.pdf")
    for link, each in zip(shown.get_by_role("link").all(), files, strict=True):
        expect(link).to_have_attribute("href", each.download_url)
    expect(shown.get_by_role("listitem").last).to_contain_text("20 KB")


def test_hostile_files_do_nothing(page: Page, gateway: GatewayStub) -> None:
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    script = "javascript:window.owned = 1"
    name = "<img src=x onerror=window.owned=1>.html"
    files = [
        file(name, "text/html", script, inline=True),
        file("a.svg", "image/svg+xml", "data:image/svg+xml,<svg onload=alert(1)>", inline=True),
        file("b.png", "image/png", script, inline=True),
    ]

    show(page, gateway, OutputView(files=files))

    expect(page.get_by_text(name)).to_be_visible()
    expect(page.locator(".output-files a[href]")).to_have_count(0)
    expect(page.locator(".output-files :is(img, iframe, object, embed, script)")).to_have_count(0)
    assert page.evaluate("window.owned") is None


def test_links_that_are_about_to_expire_are_fetched_anew(
    page: Page, gateway: GatewayStub, static_page_url: str
) -> None:
    at = f"{static_page_url}/storage/a.pdf"
    old = file("a.pdf", "application/pdf", f"{at}?old", inline=False, lasts=30)
    new = file("a.pdf", "application/pdf", f"{at}?new", inline=False)

    show(page, gateway, OutputView(files=[old]), OutputView(files=[new]))

    expect(page.get_by_role("link", name="a.pdf")).to_have_attribute("href", new.download_url)


def test_new_link_that_leads_elsewhere_is_not_taken(
    page: Page, gateway: GatewayStub, static_page_url: str
) -> None:
    at = f"{static_page_url}/storage/a.pdf"
    old = file("a.pdf", "application/pdf", at, inline=False, lasts=66)
    new = file("a.pdf", "application/pdf", "javascript:window.owned = 1", inline=False)
    show(page, gateway, OutputView(files=[old]), OutputView(files=[new]))
    link = page.get_by_role("link", name="a.pdf")
    expect(link).to_be_visible()

    with page.expect_response(lambda answer: answer.url.endswith(REQUEST_ID)):
        pass
    page.wait_for_timeout(300)

    expect(link).to_have_attribute("href", old.download_url)


def test_player_that_was_paused_goes_on_from_there_with_its_new_link(
    page: Page, gateway: GatewayStub, static_page_url: str
) -> None:
    gateway.storage.files["a.wav"] = ("audio/wav", silence(seconds=5))
    at = f"{static_page_url}/storage/a.wav"
    old = file("a.wav", "audio/wav", f"{at}?old", inline=True, lasts=66)
    new = file("a.wav", "audio/wav", f"{at}?new", inline=True)
    show(page, gateway, OutputView(files=[old]), OutputView(files=[new]))
    player = page.locator("audio")
    expect(player).to_have_js_property("readyState", 4)
    player.evaluate("player => { player.currentTime = 2 }")

    expect(player).to_have_attribute("src", new.url)
    expect(player).to_have_js_property("readyState", 4)

    assert player.evaluate("player => player.currentTime") == 2


def silence(seconds: int) -> bytes:
    """Sound of 8,000 samples a second."""
    written = BytesIO()
    with wave.open(written, "wb") as sound:
        sound.setparams((1, 2, 8_000, 0, "NONE", ""))
        sound.writeframes(bytes(2 * 8_000 * seconds))
    return written.getvalue()


def test_very_long_answer_is_folded_until_somebody_wants_it_all(
    page: Page, gateway: GatewayStub
) -> None:
    show(page, gateway, OutputView(text="word " * 18_000 + "the very end"))
    expect(page.locator(".prose")).not_to_contain_text("the very end")

    page.get_by_role("button", name="Show all").click()

    expect(page.locator(".prose")).to_contain_text("the very end")
    expect(page.get_by_role("button", name="Show all")).to_be_hidden()


def test_data_is_written_so_that_people_can_read_it(page: Page, gateway: GatewayStub) -> None:
    data = {"boxes": [[1, 2, 3, 4]] * 9, "empty": {}, "text": "a [b] {c}"}

    show(page, gateway, OutputView(data=data))

    lines = page.locator(".result-data").inner_text().splitlines()
    assert lines[2] == "    [1, 2, 3, 4],"
    assert lines[-2] == '  "text": "a [b] {c}"'


@pytest.fixture
def gallery(page: Page, gateway: GatewayStub, static_page_url: str) -> Page:
    """A result of three pictures, for one that was sent."""
    at = f"{static_page_url}/storage/"
    for name in ("sent.png", "1.png", "2.png", "3.png"):
        gateway.storage.files[name] = ("image/png", PNG)
    made = [file(f"{n}.png", "image/png", f"{at}{n}.png", inline=True) for n in (1, 2, 3)]
    sent = file("sent.png", "image/png", f"{at}sent.png", inline=True)
    gateway.spaces = [space()]
    gateway.statuses = [Answer(status(RequestState.COMPLETED))]
    asked = {"prompt": "", "files": [sent]}
    gateway.results = [Answer(result(output=OutputView(files=made), input=asked))]
    page.goto(f"/space.html?space=echo&request={REQUEST_ID}")
    expect(page.get_by_role("img", name="Image: 3.png")).to_be_visible()
    return page


def test_pictures_stand_side_by_side_and_open_large(gallery: Page) -> None:
    tops = gallery.locator(".picture-zoom").evaluate_all(
        "all => all.map((each) => each.getBoundingClientRect().top)"
    )
    assert tops[0] == tops[1]

    gallery.get_by_role("button", name="Enlarge 2.png").click()

    dialog = gallery.get_by_role("dialog")
    expect(dialog.get_by_role("img", name="Image: 2.png")).to_be_visible()
    expect(dialog).to_contain_text("2 of 3")
    assert violations(gallery) == []
    gallery.keyboard.press("ArrowRight")
    gallery.keyboard.press("ArrowRight")
    expect(dialog.get_by_role("img", name="Image: 1.png")).to_be_visible()
    dialog.get_by_role("button", name="Actual size").click()
    wide = dialog.get_by_role("img", name="Image: 1.png").bounding_box()
    assert wide is not None
    assert wide["width"] > 1000
    gallery.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(gallery.get_by_role("button", name="Enlarge 2.png")).to_be_focused()


def test_picture_is_compared_with_the_one_that_was_sent(gallery: Page) -> None:
    gallery.get_by_role("button", name="Enlarge 1.png").click()
    before = gallery.get_by_role("img", name="Before")
    expect(before).to_be_visible()

    gallery.get_by_role("slider", name="Compare with what you sent").fill("25")

    assert before.evaluate("it => getComputedStyle(it).clipPath") == "inset(0px 75% 0px 0px)"


def test_recording_has_a_waveform_that_seeks(
    page: Page, gateway: GatewayStub, static_page_url: str
) -> None:
    gateway.storage.files["a.wav"] = ("audio/wav", silence(seconds=5))
    at = f"{static_page_url}/storage/a.wav"

    show(page, gateway, OutputView(files=[file("a.wav", "audio/wav", at, inline=True)]))
    waveform = page.locator("canvas.waveform")
    expect(waveform).to_be_visible()
    box = waveform.bounding_box()
    assert box is not None
    waveform.click(position={"x": box["width"] * 0.6, "y": 10})

    at_second = "audio => Math.round(audio.currentTime)"
    assert page.locator("audio").evaluate(at_second) == 3


def test_what_is_no_recording_has_a_player_only(
    page: Page, gateway: GatewayStub, static_page_url: str
) -> None:
    gateway.storage.files["a.wav"] = ("audio/wav", b"RIFF, but no sound")
    at = f"{static_page_url}/storage/a.wav"

    with page.expect_response("**/scripts/result/waveform.js"):
        show(page, gateway, OutputView(files=[file("a.wav", "audio/wav", at, inline=True)]))

    expect(page.locator("audio")).to_be_visible()
    expect(page.locator("canvas.waveform")).to_have_count(0)


def test_input_of_a_file_alone_is_shown_once(page: Page, gateway: GatewayStub) -> None:
    remember(page, Poem="COMPLETED")  # the file's name stands for the prompt in the list
    sent = file("Poem", "image/png", "https://files.example/poem", inline=True)
    gateway.spaces = [space(features=["image"])]
    gateway.statuses = [Answer(status(RequestState.COMPLETED, POEM))]
    gateway.results = [Answer(result(RequestState.COMPLETED, POEM, input=InputView(files=[sent])))]

    page.goto(f"/space.html?space=echo&request={POEM}")

    told = page.locator("[data-part=request-input]")
    expect(told.get_by_role("link", name="Poem")).to_be_visible()
    expect(told.get_by_text("Poem")).to_have_count(1)
