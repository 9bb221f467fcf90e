"""Files for a request: chosen, dropped or pasted; checked, uploaded and sent with it."""

import pytest
from playwright.sync_api import FilePayload, Locator, Page, Route, expect

from spaces_protocol.errors import ErrorType
from spaces_protocol.rest_bodies import FileRules, FileView, InputView, RequestState
from tests.browser.support.bodies import REQUEST_ID, accepted, ago, result, space, status
from tests.browser.support.file_form import (
    MEGABYTE,
    PNG,
    REQUESTS,
    RULES,
    choose,
    open_space,
    picture,
    run,
)
from tests.browser.support.gateway_stub import ACCEPTED, Answer, GatewayStub, refusal

pytestmark = pytest.mark.browser


def bar(page: Page) -> Locator:
    return page.locator(".run-bar")


@pytest.fixture
def space_page(page: Page, gateway: GatewayStub) -> Page:
    open_space(page, gateway)
    return page


def test_form_offers_files_only_where_the_space_takes_them(
    page: Page, gateway: GatewayStub
) -> None:
    open_space(page, gateway, files=None, features=["prompt"])

    expect(page.get_by_role("button", name="Choose files")).to_be_hidden()


def test_space_that_takes_files_alone_asks_for_no_prompt(page: Page, gateway: GatewayStub) -> None:
    open_space(page, gateway, features=["image"])

    expect(page.get_by_label("Prompt")).to_be_hidden()
    run(page)
    expect(page.get_by_role("alert")).to_have_text("Write a prompt or add a file first.")
    choose(page, picture())
    run(page)

    expect(page.locator("#result-title")).to_have_text("Next in line")
    assert gateway.calls_to("POST", REQUESTS)[0].body == {
        "input": {"files": [{"upload_id": "upload-1"}]}
    }


def test_chosen_file_is_uploaded_with_the_fields_of_its_policy_and_sent_with_the_prompt(
    space_page: Page, gateway: GatewayStub
) -> None:
    choose(space_page, picture())
    expect(space_page.locator(".attachment")).to_contain_text("600 bytes")
    space_page.get_by_label("Prompt").fill("What is this?")
    run(space_page)

    expect(space_page.locator("#result-title")).to_have_text("Next in line")
    assert gateway.calls_to("POST", "/uploads")[0].body == {
        "space": "echo",
        "name": "cat.png",
        "content_type": "image/png",
        "size": 600,
    }
    [post] = gateway.storage.posts
    assert post.index(b'name="policy"') < post.index(b'name="file"')
    assert PNG[:600] in post
    assert gateway.calls_to("POST", REQUESTS)[0].body == {
        "input": {"prompt": "What is this?", "files": [{"upload_id": "upload-1"}]}
    }


def test_run_pressed_while_a_file_is_on_its_way_sends_it_when_it_is_there(
    space_page: Page, gateway: GatewayStub
) -> None:
    gateway.storage.holding = True
    choose(space_page, picture())
    run(space_page)

    expect(bar(space_page)).to_contain_text("Will be sent when the upload finishes…")
    assert gateway.calls_to("POST", REQUESTS) == []
    gateway.storage.let_go()

    expect(space_page.locator("#result-title")).to_have_text("Next in line")


def test_file_that_is_removed_after_run_takes_the_run_back(
    space_page: Page, gateway: GatewayStub
) -> None:
    gateway.storage.holding = True
    space_page.get_by_label("Prompt").fill("Summarise the attached contract")
    choose(space_page, picture())
    run(space_page)

    space_page.get_by_role("button", name="Remove cat.png").click()

    expect(bar(space_page)).to_contain_text("Not sent, because you made a change.")
    expect(space_page.get_by_role("button", name="Run", exact=True)).to_be_visible()
    assert gateway.calls_to("POST", REQUESTS) == []


def test_prompt_that_is_edited_after_run_is_not_sent_by_itself(
    space_page: Page, gateway: GatewayStub
) -> None:
    gateway.storage.holding = True
    space_page.get_by_label("Prompt").fill("What is this?")
    choose(space_page, picture())
    run(space_page)
    space_page.get_by_label("Prompt").press_sequentially(" And wh")
    expect(bar(space_page)).to_contain_text("Not sent, because you made a change.")

    gateway.storage.let_go()

    expect(space_page.locator(".attachment[data-phase=ready]")).to_have_count(1)
    assert gateway.calls_to("POST", REQUESTS) == []
    run(space_page)
    expect(space_page.locator("#result-title")).to_have_text("Next in line")
    [sent] = gateway.calls_to("POST", REQUESTS)
    assert sent.body["input"]["prompt"] == "What is this? And wh"


def test_wait_for_an_upload_can_be_cancelled(space_page: Page, gateway: GatewayStub) -> None:
    gateway.storage.holding = True
    choose(space_page, picture())
    space_page.get_by_role("button", name="Run", exact=True).press("Enter")
    expect(space_page.get_by_role("button", name="Run", exact=True)).to_be_hidden()
    cancel = space_page.get_by_role("button", name="Cancel", exact=True)
    expect(cancel).to_be_focused()

    cancel.click()

    expect(bar(space_page)).to_contain_text("Nothing was sent.")
    expect(space_page.get_by_role("button", name="Run", exact=True)).to_be_focused()
    gateway.storage.let_go()
    expect(space_page.locator(".attachment[data-phase=ready]")).to_have_count(1)
    assert gateway.calls_to("POST", REQUESTS) == []


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (
            {"name": "run.exe", "mimeType": "application/x-msdownload", "buffer": b"MZ"},
            "“run.exe” was not added: this space accepts only images, audio.",
        ),
    ],
)
def test_file_that_does_not_fit_is_refused_before_it_is_sent(
    space_page: Page, gateway: GatewayStub, file: FilePayload, words: str
) -> None:
    choose(space_page, file)

    expect(space_page.get_by_role("alert")).to_contain_text(words)
    expect(space_page.locator(".attachment")).to_have_count(0)
    assert gateway.calls_to("POST", "/uploads") == []


def test_file_of_exactly_the_limit_is_taken(space_page: Page, gateway: GatewayStub) -> None:
    choose(space_page, {"name": "a.png", "mimeType": "image/png", "buffer": b"x" * MEGABYTE})

    expect(space_page.locator(".attachment[data-phase=ready]")).to_have_count(1)


def test_more_files_than_the_space_takes_are_left_out_by_name(
    space_page: Page, gateway: GatewayStub
) -> None:
    choose(space_page, *(picture(f"{number}.png") for number in range(12)))

    expect(space_page.locator(".attachment[data-phase=ready]")).to_have_count(3)
    expect(space_page.get_by_role("alert")).to_contain_text(
        "“11.png” was not added: this space accepts 3 files per request."
    )

    run(space_page)

    expect(space_page.locator("#result-title")).to_have_text("Next in line")
    expect(space_page.get_by_text("was not added")).to_have_count(0)


def test_names_are_made_fit(space_page: Page, gateway: GatewayStub) -> None:
    choose(space_page, picture("猫" * 300 + ".png"))
    expect(space_page.locator(".attachment[data-phase=ready]")).to_have_count(1)

    name = gateway.calls_to("POST", "/uploads")[0].body["name"]

    assert name.endswith("猫.png")
    assert 250 < len(name.encode()) <= 255


def test_connection_that_is_cut_is_tried_again_by_itself(
    space_page: Page, gateway: GatewayStub
) -> None:
    gateway.storage.statuses = [None]

    choose(space_page, picture())

    expect(space_page.locator(".attachment[data-phase=ready]")).to_have_count(1)
    assert len(gateway.storage.posts) == 2


def test_failed_upload_says_so_blocks_run_and_can_be_tried_again(
    space_page: Page, gateway: GatewayStub
) -> None:
    gateway.storage.statuses = [403]
    choose(space_page, picture())
    expect(space_page.locator(".attachment")).to_contain_text("The storage rejected the file")

    run(space_page)
    expect(space_page.get_by_role("alert")).to_contain_text("Try it again or remove it.")
    space_page.get_by_role("button", name="Try again").click()

    expect(space_page.locator(".attachment[data-phase=ready]")).to_have_count(1)


def test_upload_that_is_removed_is_not_sent(space_page: Page, gateway: GatewayStub) -> None:
    gateway.storage.holding = True
    choose(space_page, picture())

    space_page.get_by_role("button", name="Remove cat.png").click()

    expect(space_page.locator(".attachment")).to_have_count(0)
    expect(space_page.get_by_role("button", name="Choose files")).to_be_focused()


def test_refusal_by_the_gateway_is_told_at_the_file(space_page: Page, gateway: GatewayStub) -> None:
    gateway.uploads = [refusal(ErrorType.RATE_LIMITED, "You have uploaded 1 GB today.")]

    choose(space_page, picture())

    expect(space_page.locator(".attachment")).to_contain_text("You have reached the upload limit.")


def test_dropped_and_pasted_files_are_taken(space_page: Page, gateway: GatewayStub) -> None:
    give = """(name) => {
        const data = new DataTransfer();
        data.items.add(new File(["x"], "given.png", { type: "image/png" }));
        const options = { bubbles: true, cancelable: true };
        const event = name === "paste"
            ? new ClipboardEvent(name, { ...options, clipboardData: data })
            : new DragEvent(name, { ...options, dataTransfer: data });
        document.querySelector("[data-part=prompt]").dispatchEvent(event);
    }"""

    space_page.evaluate(give, "drop")
    expect(space_page.locator(".attachment[data-phase=ready]")).to_have_count(1)
    space_page.evaluate(give, "paste")

    expect(space_page.locator(".attachment[data-phase=ready]")).to_have_count(2)


def test_reload_keeps_what_was_uploaded(space_page: Page, gateway: GatewayStub) -> None:
    choose(space_page, picture())
    expect(space_page.locator(".attachment[data-phase=ready]")).to_have_count(1)

    space_page.reload()

    expect(space_page.locator(".attachment[data-phase=ready]")).to_contain_text("cat.png")
    run(space_page)
    expect(space_page.locator("#result-title")).to_have_text("Next in line")
    body = gateway.calls_to("POST", REQUESTS)[0].body
    assert body == {"input": {"files": [{"upload_id": "upload-1"}]}}


def test_upload_that_the_gateway_no_longer_knows_is_sent_again(
    space_page: Page, gateway: GatewayStub
) -> None:
    gateway.submits = [refusal(ErrorType.UPLOAD_MISSING, "The file 1 was never uploaded.")]
    choose(space_page, picture())
    expect(space_page.locator(".attachment[data-phase=ready]")).to_have_count(1)

    run(space_page)

    expect(space_page.get_by_role("alert")).to_contain_text("A file is no longer in storage.")
    expect(space_page.locator(".attachment[data-phase=ready]")).to_have_count(1)
    assert len(gateway.storage.posts) == 2


def test_run_again_takes_the_files_of_the_request_from_their_links(
    page: Page, gateway: GatewayStub, static_page_url: str
) -> None:
    gateway.storage.files["cat.png"] = ("image/png", PNG[:600])
    link = {"name": "cat.png", "content_type": "image/png", "size": 600, "inline": True}
    link |= {"url": f"{static_page_url}/storage/cat.png", "expires_at": "2099-01-01T00:00:00Z"}
    gateway.spaces = [space(features=["prompt", "image"], files=RULES)]
    gateway.submits = [Answer(accepted(), ACCEPTED)]
    gateway.statuses = [Answer(status(RequestState.COMPLETED))]
    ended = result(input={"prompt": "Again", "files": [link], "params": {}})
    gateway.results = [Answer(ended)]
    page.goto(f"/space.html?space=echo&request={REQUEST_ID}")

    with page.expect_response(lambda answer: answer.url.endswith(REQUESTS)):
        page.get_by_role("button", name="Run again").click()

    expect(page.locator(".attachment[data-phase=ready]")).to_contain_text("cat.png")
    assert PNG[:600] in gateway.storage.posts[0]
    assert gateway.calls_to("POST", REQUESTS)[0].body == {
        "input": {"prompt": "Again", "files": [{"upload_id": "upload-1"}]}
    }


def test_sound_is_recorded_as_wav(page: Page, gateway: GatewayStub) -> None:
    page.context.grant_permissions(["microphone"])
    open_space(page, gateway)

    page.get_by_role("button", name="Record").click()
    stop = page.get_by_role("button", name="Stop · 1 s")
    stop.click()

    expect(page.locator(".attachment[data-phase=ready]")).to_contain_text("recording-")
    post = gateway.storage.posts[0]
    start = post.index(b"RIFF")
    assert post[start + 8 : start + 16] == b"WAVEfmt "
    assert int.from_bytes(post[start + 24 : start + 28], "little") == 16_000
    assert int.from_bytes(post[start + 40 : start + 44], "little") > 16_000


@pytest.fixture
def talking_page(page: Page) -> Page:
    """A page that may use the microphone."""
    page.context.grant_permissions(["microphone"])
    return page


def test_run_while_it_records_sends_the_recording_too(
    talking_page: Page, gateway: GatewayStub
) -> None:
    open_space(talking_page, gateway)
    talking_page.get_by_label("Prompt").fill("What do I say?")
    talking_page.get_by_role("button", name="Record").click()
    expect(talking_page.get_by_role("button", name="Stop")).to_be_visible()

    run(talking_page)

    expect(talking_page.locator("#result-title")).to_have_text("Next in line")
    [sent] = gateway.calls_to("POST", REQUESTS)
    assert sent.body == {
        "input": {"prompt": "What do I say?", "files": [{"upload_id": "upload-1"}]}
    }


def test_recording_that_finds_no_place_is_not_left_out_in_silence(
    talking_page: Page, gateway: GatewayStub
) -> None:
    one = FileRules(accept=["image/*", "audio/*"], max_files=1, max_file_bytes=MEGABYTE)
    open_space(talking_page, gateway, files=one)
    choose(talking_page, picture())
    expect(talking_page.locator(".attachment[data-phase=ready]")).to_have_count(1)
    talking_page.get_by_role("button", name="Record").click()
    expect(talking_page.get_by_role("button", name="Stop")).to_be_visible()

    run(talking_page)

    expect(bar(talking_page)).to_contain_text("Nothing was sent.")
    expect(talking_page.get_by_role("alert")).to_contain_text("was not added")
    assert gateway.calls_to("POST", REQUESTS) == []


def test_recorder_that_cannot_be_loaded_leaves_the_microphone_off(
    talking_page: Page, gateway: GatewayStub
) -> None:
    talking_page.add_init_script(
        """const media = MediaDevices.prototype, ask = media.getUserMedia;
        window.tracks = [];
        AudioWorklet.prototype.addModule = () => Promise.reject(new DOMException("", "AbortError"));
        media.getUserMedia = async function (wanted) {
          const stream = await ask.call(this, wanted);
          window.tracks.push(...stream.getTracks());
          return stream;
        };"""
    )
    open_space(talking_page, gateway)

    talking_page.get_by_role("button", name="Record").click()

    expect(talking_page.get_by_role("alert")).to_contain_text("Recording could not start.")
    assert (
        talking_page.evaluate("tracks.filter(({ readyState }) => readyState === 'live').length")
        == 0
    )


def test_page_is_not_left_without_asking_while_a_file_is_on_its_way(
    space_page: Page, gateway: GatewayStub
) -> None:
    gateway.storage.holding = True
    with space_page.expect_request("**/storage/post"):
        choose(space_page, picture())

    with space_page.expect_event("dialog") as asked:
        space_page.evaluate("setTimeout(() => location.reload())")
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()

    gateway.storage.let_go()
    expect(space_page.locator(".attachment")).to_have_attribute("data-phase", "ready")


SAVED = "/storage/saved.png"


@pytest.fixture
def foreign_result(page: Page, gateway: GatewayStub, static_page_url: str) -> Page:
    """A request whose file this browser has never seen."""
    link = static_page_url + SAVED
    file = FileView(
        name="saved.png",
        size=3,
        content_type="image/png",
        url=link,
        download_url=link,
        inline=True,
        expires_at=ago(-3600),
    )
    gateway.statuses = [Answer(status(RequestState.COMPLETED))]
    gateway.results = [Answer(result(input=InputView(prompt="Hello", files=[file])))]
    gateway.submits = [Answer(accepted(), ACCEPTED)]
    gateway.spaces = [space(features=["prompt", "image"], files=RULES)]
    page.goto(f"/space.html?space=echo&request={REQUEST_ID}")
    expect(page.get_by_role("button", name="Run again")).to_be_visible()
    return page


def test_run_again_that_is_pressed_twice_sends_its_files_once(
    foreign_result: Page, gateway: GatewayStub
) -> None:
    held: list[Route] = []
    foreign_result.route(f"**{SAVED}", lambda route: held.append(route))  # noqa: PLW0108
    with foreign_result.expect_request(f"**{SAVED}"):
        foreign_result.get_by_role("button", name="Run again").click()
    expect(bar(foreign_result)).to_contain_text("Will be sent when the upload finishes")

    foreign_result.get_by_role("button", name="Run again").click()
    foreign_result.get_by_label("Prompt").press("Control+Enter")
    with foreign_result.expect_response("**/requests"):
        held[0].fulfill(body="png", content_type="image/png")

    (sent,) = gateway.calls_to("POST", REQUESTS)
    assert sent.body["input"] == {"prompt": "Hello", "files": [{"upload_id": "upload-1"}]}
    assert len(held) == 1


def test_what_is_written_while_files_are_fetched_again_is_not_sent_by_itself(
    foreign_result: Page, gateway: GatewayStub
) -> None:
    held: list[Route] = []
    foreign_result.route(f"**{SAVED}", lambda route: held.append(route))  # noqa: PLW0108
    with foreign_result.expect_request(f"**{SAVED}"):
        foreign_result.get_by_role("button", name="Run again").click()

    foreign_result.get_by_label("Prompt").fill("Something else")
    with foreign_result.expect_response(f"**{SAVED}"):
        held[0].fulfill(body="png", content_type="image/png")

    expect(bar(foreign_result)).to_contain_text("you made a change")
    expect(foreign_result.get_by_role("button", name="Run", exact=True)).to_be_visible()
    assert gateway.calls_to("POST", REQUESTS) == []


def test_run_again_is_offered_when_it_is_known_what_the_space_takes(
    foreign_result: Page, gateway: GatewayStub
) -> None:
    held: list[Route] = []
    foreign_result.route("**/v1/spaces/echo", lambda route: held.append(route))  # noqa: PLW0108
    foreign_result.reload()
    expect(foreign_result.locator("#result-title")).to_have_text("Answered")
    expect(foreign_result.get_by_role("button", name="Run again")).to_be_hidden()

    held[0].fallback()

    expect(foreign_result.get_by_role("button", name="Run again")).to_be_visible()
