"""The deployed page: its worker's model, and signing in there."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from infra.local.status import LocalPerson
from tests.local_cloud import DeployedCloud

MODEL = f"{Path(__file__).with_name('model.py')}:answer"
PATIENCE_MS = 30_000
STOP_SECONDS = 20
SignIn = Callable[[str, LocalPerson], Page]


@pytest.fixture
def sign_in(
    new_context: Callable[..., BrowserContext], deployed_cloud: DeployedCloud
) -> Callable[[str, LocalPerson], Page]:
    """Open a page in a browser of its own and sign in on the sign-in page."""

    def open_as(path: str, person: LocalPerson) -> Page:
        context = new_context(base_url=deployed_cloud.page_url)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(path)
        page.get_by_role("button", name="Sign in").last.click()
        page.get_by_label("Username").fill(person.name)
        page.get_by_label("Password").fill(person.password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: urlsplit(url).path == urlsplit(path).path)  # back again
        expect(page.locator("details.account")).to_contain_text(person.name, timeout=PATIENCE_MS)
        return page

    return open_as
