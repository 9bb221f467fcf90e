"""Errors in the shape of the OpenAI API."""

from datetime import UTC, datetime

import pytest

from spaces.domain import errors
from spaces.domain.openai.errors import UnusableField, error_of, error_of_result
from spaces_protocol.rest_bodies import RequestResult, RequestState, RequestTimes


def ended(state, error=None, error_type=None):
    times = RequestTimes(created_at=datetime(2026, 1, 1, tzinfo=UTC))
    return RequestResult(
        request_id="a.1.x", space="a", status=state, times=times, error=error, error_type=error_type
    )


@pytest.mark.parametrize(
    ("error", "status", "kind", "code", "param"),
    [
        (errors.Unauthorized("x"), 401, "invalid_request_error", "invalid_api_key", None),
        (errors.UnknownSpace("x"), 404, "invalid_request_error", "model_not_found", "model"),
        (errors.RateLimited("x"), 429, "rate_limit_error", "rate_limit_exceeded", None),
        (errors.QueueFull("x"), 429, "rate_limit_error", "queue_full", None),
        (errors.NoWorker("x"), 503, "server_error", "no_worker", None),
        (errors.Busy("x"), 503, "server_error", "busy", None),
        (errors.SpaceDisabled("x"), 403, "permission_error", "space_disabled", "model"),
        (errors.InvalidInput("x"), 400, "invalid_request_error", "invalid_input", None),
        (errors.InputTooLarge("x"), 413, "invalid_request_error", "input_too_large", None),
        (errors.BodyTooLarge("x"), 413, "invalid_request_error", "body_too_large", None),
        (errors.RequestExpired("x"), 410, "invalid_request_error", "request_expired", None),
        (UnusableField("x", param="n", code="c"), 400, "invalid_request_error", "c", "n"),
    ],
)
def test_refusal_has_status_type_code_and_param(error, status, kind, code, param):
    found = error_of(error)

    assert found.status == status
    assert found.body == {"error": {"message": "x", "type": kind, "param": param, "code": code}}


def test_retry_after_is_kept():
    assert error_of(errors.NoWorker("x", retry_after_seconds=30)).retry_after_seconds == 30


@pytest.mark.parametrize(
    ("error_type", "status", "code"),
    [
        ("worker_error", 500, "worker_error"),
        ("out_of_memory", 500, "out_of_memory"),
        ("timed_out", 504, "timed_out"),
        ("queue_timed_out", 504, "queue_timed_out"),
        ("worker_lost", 500, "worker_lost"),
        ("invalid_request", 400, "invalid_request"),
        ("invalid_input", 400, "invalid_input"),
        ("prompt_too_long", 400, "context_length_exceeded"),
    ],
)
def test_failure_is_final_and_says_whose_fault_it_is(error_type, status, code):
    found = error_of_result(ended(RequestState.FAILED, "Sentence.", error_type))

    assert found is not None
    assert (found.status, found.code, found.message) == (status, code, "Sentence.")
    assert found.is_final


def test_cancelled_is_an_error_and_completed_is_none():
    cancelled = error_of_result(ended(RequestState.CANCELLED))

    assert cancelled is not None
    assert cancelled.status == 409
    assert error_of_result(ended(RequestState.COMPLETED)) is None
