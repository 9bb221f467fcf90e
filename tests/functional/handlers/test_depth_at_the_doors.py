"""Bodies that are nested too deeply get a clear refusal at every door of the API."""

import json

import pytest

from spaces import bootstrap
from spaces.domain.space import Definition
from spaces.handlers import admin, api
from spaces.services.spaces.create_space import create_space
from tests.functional.handlers.http_events import ADA, body_of, http_event

DEPTHS = (65, 900, 20_000)


def nested(depth, opening="[", closing="]"):
    return opening * depth + "1" + closing * depth


@pytest.fixture(autouse=True)
def _space(environment):
    create_space(bootstrap.gateway(), Definition(space_id="echo", title="Echo", created_at=1))


@pytest.mark.parametrize("depth", DEPTHS)
def test_params_of_a_submit(depth):
    text = '{"input": {"prompt": "p", "params": {"a": %s}}}' % nested(depth)  # noqa: UP031

    answer = api.handler(http_event("POST", "/v1/spaces/echo/requests", text), None)

    assert answer["statusCode"] in (400, 422)
    assert "is nested more than 64 levels deep. Flatten it." in body_of(answer)["detail"]


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("field", ["title", "members", "anonymous_limits", "unknown"])
def test_settings_of_an_administrator(field, depth):
    text = '{"version": 1, "%s": %s}' % (field, nested(depth))  # noqa: UP031

    answer = admin.handler(http_event("PUT", "/v1/admin/spaces/echo", text, claims=ADA), None)

    assert answer["statusCode"] in (400, 422)
    assert body_of(answer)["error_type"] in ("malformed_body", "invalid_input")


@pytest.mark.parametrize("depth", DEPTHS)
def test_params_of_an_example(depth):
    example = '{"prompt": "p", "params": {"a": %s}}' % nested(depth)  # noqa: UP031
    text = '{"version": 1, "examples": [%s]}' % example  # noqa: UP031

    answer = admin.handler(http_event("PUT", "/v1/admin/spaces/echo", text, claims=ADA), None)

    assert answer["statusCode"] in (400, 422)
    assert body_of(answer)["error_type"] in ("malformed_body", "invalid_input")


def test_a_call_of_the_command_line():
    body = json.loads('{"a": %s}' % nested(70))  # noqa: UP031
    call = {"method": "PUT", "path": "/v1/admin/spaces/echo", "body": body, "who": "arn"}

    assert admin.handler(call, None) == {
        "status": 422,
        "body": {
            "error_type": "invalid_input",
            "detail": "The call is nested more than 64 levels deep. Flatten it.",
        },
    }
