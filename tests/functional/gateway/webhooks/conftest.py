"""Fixtures: a receiver of webhooks."""

import pytest

from tests.functional.gateway.webhooks.receiver import receiving


@pytest.fixture
def receiver():
    with receiving() as listening:
        yield listening
