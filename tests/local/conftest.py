"""What all tests of the deployed system share."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.described_answers import expect_described

NOT_DESCRIBED = ("HEAD", "OPTIONS")
OF_API = re.compile(r"(?:/_aws/execute-api/\w+)?(/v1/(?!admin\b|stream\b).+)")


def pytest_configure(config: pytest.Config) -> None:
    """Load what only these tests need; other folders do without it."""
    config.pluginmanager.import_plugin("tests.local_cloud")


@pytest.fixture(autouse=True, scope="module")
def _as_described() -> Iterator[None]:
    """Whatever the REST API answers to a module, its fixtures too, has to be in its description."""
    send = httpx.Client.send

    def described(client: httpx.Client, request: httpx.Request, **options: Any) -> httpx.Response:
        answer = send(client, request, **options)
        of_api = OF_API.fullmatch(request.url.path)
        if of_api and request.method not in NOT_DESCRIBED and answer.is_stream_consumed:
            expect_described(
                request.method,
                of_api[1],
                answer.status_code,
                answer.headers,
                answered=answer.content,
                sent=request.content,
            )
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpx.Client, "send", described)
        yield
