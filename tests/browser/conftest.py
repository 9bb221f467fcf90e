"""Serves the built page with its real headers, and stubs the gateway."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from infra.components.security_headers import CONTENT_SECURITY_POLICY
from infra.page import build_page
from spaces_protocol.rest_bodies import OutputView, RequestState
from tests.browser.support.admin_api_stub import AdminApiStub
from tests.browser.support.bodies import accepted, result, space, status
from tests.browser.support.gateway_stub import ACCEPTED, NO_CONTENT, Answer, GatewayStub
from tests.browser.support.page_server import serve_page

expect.set_options(timeout=10_000)


def pytest_configure(config: pytest.Config) -> None:
    """Load what only these tests need; other folders do without it."""
    config.pluginmanager.import_plugin("tests.chromium")
    config.pluginmanager.import_plugin("tests.local_cloud")


@pytest.fixture(scope="session")
def static_page_url() -> Iterator[str]:
    with serve_page(build_page(), CONTENT_SECURITY_POLICY) as url:
        yield url


@pytest.fixture
def gateway() -> GatewayStub:
    return GatewayStub()


@pytest.fixture
def context(
    new_context: Callable[..., BrowserContext], gateway: GatewayStub, static_page_url: str
) -> BrowserContext:
    made = new_context(base_url=static_page_url)
    gateway.attach(made)
    return made


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def stub() -> AdminApiStub:
    return AdminApiStub()


@pytest.fixture
def admin_context(
    new_context: Callable[..., BrowserContext], stub: AdminApiStub, static_page_url: str
) -> BrowserContext:
    made = new_context(base_url=static_page_url)
    made.set_default_timeout(10_000)
    stub.attach(made)
    return made


@pytest.fixture
def admin_page(admin_context: BrowserContext, stub: AdminApiStub) -> Page:
    """A tab of an administrator who has signed in."""
    stub.sign_in(admin_context)
    return admin_context.new_page()


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
