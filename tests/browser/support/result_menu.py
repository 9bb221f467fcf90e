"""The menu of a result, with what is needed rarely."""

from playwright.sync_api import Locator, Page


def delete_button(page: Page) -> Locator:
    """Open the menu of the result, and return its button that deletes."""
    menu = page.locator("[data-part=result] details.menu")
    if menu.get_attribute("open") is None:
        menu.locator("summary").click()
    return menu.get_by_role("button")
