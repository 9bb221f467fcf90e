"""A conversation in the tab that tests share."""

import pytest
from playwright.sync_api import Page

from tests.browser.support.chat import Conversation
from tests.browser.support.gateway_stub import GatewayStub


@pytest.fixture
def talk(page: Page, gateway: GatewayStub) -> Conversation:
    return Conversation(page, gateway)
