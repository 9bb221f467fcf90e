"""Fixtures of the session's tests."""

import pytest

from tests.unit.worker.support.session_harness import SessionHarness


@pytest.fixture
def harness():
    return SessionHarness()


@pytest.fixture
def connected():
    return SessionHarness().connected()
