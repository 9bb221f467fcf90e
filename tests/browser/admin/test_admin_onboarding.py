"""From an empty gateway to a space that answers: create, link the model, wait, share."""

import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

import msgspec
import pytest
from playwright.sync_api import Page, expect

from infra.local.people import create_person
from tests.browser.support.admin_api_stub import AdminApiStub
from tests.browser.support.admin_responses import settings, token
from tests.browser.support.bodies import space, space_without_worker
from tests.browser.support.deployed_page import PATIENCE_MS, STOP_SECONDS, SignIn, sign_in
from tests.browser.support.gateway_stub import Answer
from tests.local_cloud import DeployedCloud

pytestmark = pytest.mark.browser
__all__ = ["sign_in"]

BIN = Path(__file__).resolve().parents[3] / ".venv" / "bin"
CONNECT = "/admin.html?view=connect&space=poems"
WAYS = {
    "Function": "run --url wss://socket.test/v1 --spaces poems --function my_model.py:answer",
    "Ollama or vLLM": "--openai http://127.0.0.1:11434/v1 --model llama3.2",
    "HTTP": "--http http://127.0.0.1:8000/predict",
    "Command": '--command "python predict.py {prompt_file}"',
    "Try a mock": "mock-app --url wss://socket.test/v1 --spaces poems",
}


def prepare(stub: AdminApiStub) -> None:
    stub.spaces = []
    stub.answer("POST", "/admin/spaces", Answer(settings("poems", title="Poems", version=1), 201))
    stub.answer("GET", "/admin/spaces/poems", Answer(settings("poems", title="Poems", version=1)))
    stub.answer("POST", "/admin/tokens", Answer(token(token="wst_secret"), 201))
    stub.live = [space_without_worker("poems", last_seen=None)]


def create(page: Page) -> None:
    page.goto("/admin.html")
    page.get_by_role("link", name="Create your first space").click()
    page.get_by_label("Name", exact=True).fill("poems")
    page.get_by_role("button", name="Create space").click()
    expect(page.get_by_role("heading", name="Connect a worker to Poems")).to_be_visible()


def shown_command(page: Page) -> str:
    return page.get_by_role("textbox", name="Command", exact=True).inner_text()


def test_every_way_to_link_a_model_has_its_command_with_the_token(
    admin_page: Page, stub: AdminApiStub
) -> None:
    prepare(stub)
    create(admin_page)

    for way, words in WAYS.items():
        admin_page.get_by_role("tab", name=way, exact=True).click()
        command = shown_command(admin_page)
        assert command.startswith("SPACES_TOKEN=wst_secret spaces-worker ")
        assert words in command
    expect(admin_page.get_by_role("textbox", name="Terminal")).to_have_text(
        "pip install spaces-worker"
    )


def test_token_is_gone_when_the_view_is_left(admin_page: Page, stub: AdminApiStub) -> None:
    prepare(stub)
    create(admin_page)

    admin_page.reload()

    expect(admin_page.get_by_text("A token is shown only when it is created.")).to_be_visible()
    assert "SPACES_TOKEN=wst_… spaces-worker" in shown_command(admin_page)
    assert "wst_secret" not in admin_page.content()
    assert "wst_secret" not in admin_page.evaluate(
        "JSON.stringify([history.state, {...sessionStorage}, {...localStorage}])"
    )
    admin_page.get_by_role("button", name="Create a token").click()
    expect(admin_page.get_by_role("textbox", name="Command", exact=True)).to_contain_text(
        "SPACES_TOKEN=wst_secret"
    )


def test_token_that_could_not_be_created_is_asked_for_again(
    admin_page: Page, stub: AdminApiStub
) -> None:
    prepare(stub)
    failed = Answer({"error_type": "internal_error"}, 500)
    made = Answer(token(token="wst_secret"), 201)
    stub.answer("POST", "/admin/tokens", failed, failed, made)
    create(admin_page)

    admin_page.get_by_role("button", name="Create a token").click()
    expect(admin_page.get_by_role("alert")).to_be_visible()
    admin_page.get_by_role("button", name="Create a token").click()

    expect(admin_page.get_by_role("textbox", name="Command", exact=True)).to_contain_text(
        "SPACES_TOKEN=wst_secret"
    )
    expect(admin_page.get_by_role("alert")).to_have_count(0)


def test_worker_that_connects_is_named_and_the_space_can_be_shared(
    admin_page: Page, stub: AdminApiStub
) -> None:
    prepare(stub)
    waiting = space_without_worker("poems", last_seen=None)
    stub.answer(
        "GET",
        "/me/spaces/poems",
        Answer(msgspec.to_builtins(waiting)),
        Answer(msgspec.to_builtins(space("poems"))),
    )
    admin_page.goto(CONNECT)
    expect(admin_page.get_by_text("Waiting for your worker…")).to_be_visible()
    expect(admin_page.get_by_role("link", name="Open the space")).to_have_count(0)

    expect(admin_page.get_by_text("Connected: lab-gpu-1").first).to_be_visible()

    announcement = admin_page.locator("[data-part=announcement]")
    expect(announcement).to_have_text("Connected: lab-gpu-1")
    expect(admin_page.get_by_role("img", name="QR code")).to_be_visible()
    admin_page.get_by_role("link", name="Open the space").click()
    admin_page.wait_for_url("**/space.html?space=poems")


def test_qr_code_holds_the_address(admin_page: Page, stub: AdminApiStub) -> None:
    """Compared with the library's own text, and with the quiet zone that readers need."""
    prepare(stub)
    stub.answer("GET", "/me/spaces/poems", Answer(msgspec.to_builtins(space("poems"))))
    loaded: list[str] = []
    admin_page.on("request", lambda request: loaded.append(request.url))
    admin_page.goto("/admin.html?view=space")
    expect(admin_page.get_by_label("Name", exact=True)).to_be_visible()
    assert not [url for url in loaded if "qrcode" in url]

    admin_page.goto(CONNECT)
    code = admin_page.get_by_role("img", name="QR code")
    expect(code).to_be_visible()

    module = next(url for url in loaded if "qrcode" in url)
    drawn = code.locator("path").get_attribute("d")
    wanted = admin_page.evaluate(
        """async ([module, text]) => {
          const code = (await import(module)).default(0, "M");
          code.addData(text);
          code.make();
          let dark = 0;
          for (let row = 0; row < code.getModuleCount(); row += 1)
            for (let at = 0; at < code.getModuleCount(); at += 1) dark += code.isDark(row, at);
          return [dark, code.getModuleCount()];
        }""",
        [module, admin_page.evaluate("new URL('./space.html?space=poems', location.href).href")],
    )
    assert drawn is not None
    assert drawn.count("M") == wanted[0]
    assert code.get_attribute("viewBox") == f"0 0 {wanted[1] + 8} {wanted[1] + 8}"


@contextmanager
def started(command: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run the command as pasted, in a folder of its own."""
    setting, program, *arguments = shlex.split(command)
    environment = [setting, f"SPACES_STATE_DIR={folder}", str(BIN / program)]
    with subprocess.Popen(["env", *environment, *arguments], cwd=folder) as worker:
        try:
            yield worker
        finally:
            worker.terminate()
            worker.wait(STOP_SECONDS)


@pytest.mark.local
@pytest.mark.parametrize("way", ["Function", "Try a mock"])
def test_onboarding_alone_leads_to_an_answer(
    sign_in: SignIn, deployed_cloud: DeployedCloud, tmp_path: Path, way: str
) -> None:
    name = f"first-{token_hex(3)}"
    person = create_person(deployed_cloud.cloud, f"{name}-admin", administrator=True)
    page = sign_in("/admin.html", person)
    page.get_by_role("link", name="New space").click()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("button", name="Create space").click()
    page.get_by_role("tab", name=way).click()
    if way == "Function":
        code = page.get_by_role("textbox", name="my_model.py").inner_text()
        (tmp_path / "my_model.py").write_text(code)

    with started(shown_command(page), tmp_path):
        page.get_by_role("link", name="Open the space").click(timeout=PATIENCE_MS)
        page.get_by_label("Prompt").fill("Good morning")
        page.get_by_role("button", name="Run", exact=True).click()
        expect(page.locator("#result-title")).to_have_text("Answered", timeout=PATIENCE_MS)
