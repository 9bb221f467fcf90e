"""One press on an example gives an answer; this is the picture in README, too."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from infra.local.demos import Example
from tests.local_cloud import DeployedCloud
from tests.models.new_user import PATIENCE_MS, NewUser

pytestmark = [pytest.mark.models, pytest.mark.browser, pytest.mark.local]


def test_one_press_on_an_example_gives_its_answer_in_both_languages(
    linked: Callable[[Example], str],
    new_context: Callable[..., BrowserContext],
    deployed_cloud: DeployedCloud,
) -> None:
    context = new_context(
        base_url=deployed_cloud.page_url,
        viewport={"width": 1280, "height": 820},
        device_scale_factor=1.5,
    )
    user = NewUser(context.new_page())
    user.open(linked(Example.DETECT_LANGUAGE))

    user.page.get_by_role("button", name="Wo ist die nächste Apotheke?").click()

    expect(user.answer().locator(".prose")).to_contain_text("This is German.")
    user.keep_picture("page")
    user.page.get_by_role("button", name="中文").click()
    title = user.page.locator("#result-title")
    expect(title).to_have_text("已回答", timeout=PATIENCE_MS)
    expect(user.page.locator("[data-part=answer] .prose")).to_contain_text("This is German.")
    user.keep_picture("page.zh")
