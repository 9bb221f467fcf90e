"""Serves the built page with its real headers, and stubs the gateway."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from infra.page import build_page
from infra.page_policy import CONTENT_SECURITY_POLICY
from spaces_protocol.rest_bodies import OutputView, RequestState
from tests.browser.support.admin_api_stub import AdminApiStub
from tests.browser.support.bodies import accepted, result, space, status
from tests.browser.support.gateway_stub import ACCEPTED, NO_CONTENT, Answer, GatewayStub
from tests.browser.support.page_server import PageServer, serve_page
from tests.browser.support.shared_tab import SharedTab

expect.set_options(timeout=10_000)


def pytest_configure(config: pytest.Config) -> None:
    """Load what only these tests need; other folders do without it."""
    config.pluginmanager.import_plugin("tests.chromium")
    config.pluginmanager.import_plugin("tests.local_cloud")


@pytest.fixture(scope="session")
def page_server() -> Iterator[PageServer]:
    with serve_page(build_page(), CONTENT_SECURITY_POLICY) as server:
        yield server


@pytest.fixture(scope="session")
def static_page_url(page_server: PageServer) -> str:
    return page_server.url


@pytest.fixture
def gateway(page_server: PageServer) -> Iterator[GatewayStub]:
    with page_server.answering(GatewayStub()) as stub:
        yield stub


@pytest.fixture(scope="session")
def shared_tab(chromium: Browser, static_page_url: str) -> SharedTab:
    return SharedTab(chromium, static_page_url)


@pytest.fixture(scope="session")
def chinese_shared_tab(chromium: Browser, static_page_url: str) -> SharedTab:
    return SharedTab(chromium, static_page_url, locale="zh-CN")


@pytest.fixture
def tab(shared_tab: SharedTab) -> Iterator[Page]:
    """The tab that tests share."""
    yield shared_tab.begin()
    assert shared_tab.end() == []


@pytest.fixture
def chinese_tab(chinese_shared_tab: SharedTab) -> Iterator[Page]:
    """The tab that tests share whose browser speaks Chinese."""
    yield chinese_shared_tab.begin()
    assert chinese_shared_tab.end() == []


@pytest.fixture
def page(gateway: GatewayStub, tab: Page) -> Page:
    return tab


@pytest.fixture
def chinese_page(gateway: GatewayStub, chinese_tab: Page) -> Page:
    return chinese_tab


@pytest.fixture
def fresh_page(
    gateway: GatewayStub, new_context: Callable[..., BrowserContext], static_page_url: str
) -> Page:
    """A tab of its own, for tests that change what cannot be undone."""
    return new_context(base_url=static_page_url).new_page()


@pytest.fixture
def stub(page_server: PageServer) -> Iterator[AdminApiStub]:
    with page_server.answering(AdminApiStub()) as made:
        yield made


@pytest.fixture
def signed_out_page(stub: AdminApiStub, tab: Page) -> Page:
    """A tab where nobody has signed in, at a gateway that offers it."""
    tab.set_default_timeout(10_000)
    return tab


@pytest.fixture
def admin_page(signed_out_page: Page, stub: AdminApiStub) -> Page:
    """A tab of an administrator who has signed in."""
    stub.sign_in(signed_out_page)
    return signed_out_page


@pytest.fixture
def answered(page: Page, gateway: GatewayStub) -> Page:
    """A space with a request that this tab sent and that is answered."""
    gateway.spaces = [space()]
    gateway.submits = [Answer(accepted(), ACCEPTED)]
    gateway.statuses = [Answer(status(RequestState.COMPLETED))]
    gateway.results = [Answer(result(output=OutputView(text="Hello back")))]
    gateway.deletes = [Answer(status=NO_CONTENT)]
    page.goto("/space.html?space=echo")
    page.get_by_label("Prompt").fill("Hello")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator("#result-title")).to_have_text("Answered")
    return page
