"""What AWS refuses for the moment is answered with when to try again, everywhere."""

import pytest

from spaces import bootstrap
from tests.functional.aws_failures import OVERLOADED, raising, refused


@pytest.mark.parametrize("error", OVERLOADED.values(), ids=OVERLOADED)
def test_a_call_is_told_to_try_again(call, monkeypatch, caplog, error):
    monkeypatch.setattr(bootstrap.gateway().spaces, "load", raising(error))

    answer = call("GET", "/v1/spaces/echo")

    assert (answer.status, answer.body["error_type"]) == (503, "busy")
    assert answer.headers["Retry-After"] == "5"
    assert "aws_unavailable" in [each.getMessage() for each in caplog.records]


def test_what_no_repetition_mends_is_an_internal_error(call, monkeypatch):
    monkeypatch.setattr(bootstrap.gateway().spaces, "load", raising(refused("AccessDenied", 403)))

    assert call("GET", "/v1/spaces/echo").status == 500
