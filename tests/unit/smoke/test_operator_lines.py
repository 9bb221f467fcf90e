"""What the lines make of the answers of AWS."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from tests.smoke import operator_lines
from tests.smoke.findings import Verdict
from tests.smoke.operator_lines import operator_of, reason_of


def refusal(code, status, message=""):
    response: Any = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(response, "Something")


class Answers:
    """Clients whose every operation gives one answer, or raises it."""

    def __init__(self, answers):
        self.answers = answers
        self.called = []

    def __call__(self, _service, **_options):
        return self

    def get_paginator(self, _name):
        return self

    def paginate(self, **_arguments):
        kinds = {"ApiFunction": "Lambda::Function", "SweepFunction": "Lambda::Function",
                 "SweepTimerRole": "IAM::Role", "Sockets": "ApiGatewayV2::Api"}  # fmt: skip
        listed = [
            {"LogicalResourceId": f"{name}1", "ResourceType": f"AWS::{kind}"}
            | {"PhysicalResourceId": "x"}
            for name, kind in kinds.items()
        ]
        return [{"StackResourceSummaries": listed}]

    def __getattr__(self, name):
        def call(**_arguments):
            self.called.append(name)
            answer = self.answers.get(name, {})
            if isinstance(answer, list):
                answer = answer.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call


def operator(**answers):
    return operator_of("prod", Answers(answers), None)


@pytest.mark.parametrize(
    ("key", "verdict", "seen"),
    [
        ("a1" * 26, Verdict.OK, "52 characters"),
        (
            "Use describe-user-pool-client to see it",
            Verdict.DIFFERS,
            "Use describe-user-pool-client",
        ),
        ("ShortSecret", Verdict.DIFFERS, "11 characters"),
    ],
)
def test_the_edge_key_is_judged_and_a_real_one_never_shown(key, verdict, seen):
    configuration = {"Environment": {"Variables": {"EDGE_KEY": key}}}
    finding = operator_lines._edge_key(operator(get_function_configuration=configuration))
    assert finding.verdict is verdict
    assert finding.seen.startswith(seen)
    assert " " in key or key not in finding.seen


@pytest.mark.parametrize(
    ("answer", "seen"),
    [
        ({}, "accepted"),
        (
            refusal("ValidationException", 400, "Invalid Schedule Expression"),
            "400 ValidationException: ",
        ),
    ],
)
def test_a_schedule_for_the_past_is_told_as_it_was_answered(answer, seen):
    given = {
        "get_role": {"Role": {"Arn": "arn:role"}},
        "get_function_configuration": {"FunctionArn": "arn:sweep"},
        "create_schedule": answer,
    }
    finding = operator_lines._schedule_in_the_past(operator(**given))
    assert finding.seen.startswith(seen)
    assert finding.verdict is Verdict.OK


def test_a_group_that_is_still_being_deleted_is_waited_for(monkeypatch):
    monkeypatch.setattr(operator_lines, "sleep", lambda _seconds: None)
    busy = refusal("ConflictException", 409, "is being deleted")
    finding = operator_lines._group_again(operator(create_schedule_group=[{}, busy, busy, {}]))
    assert finding.seen.startswith("409 ConflictException: is being deleted; a group of this name")


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (refusal("ForbiddenException", 403), Verdict.OK),
        (refusal("GoneException", 410), Verdict.OK),
        (refusal("InternalFailure", 500), Verdict.DIFFERS),
        (EndpointConnectionError(endpoint_url="https://x"), Verdict.DIFFERS),
    ],
)
def test_ids_of_a_deleted_api(answer, verdict):
    api = {"ApiId": "a", "ApiEndpoint": "wss://a.execute-api.eu-central-1.amazonaws.com"}
    aws = operator(create_api=api, get_connection=answer)
    assert operator_lines._deleted_api(aws).verdict is verdict
    assert aws.connect.called.index("delete_api") < aws.connect.called.index("get_connection")


def test_a_missing_permission_leaves_a_line_unknown():
    denied = refusal("AccessDeniedException", 403, "not authorized")
    finding = operator_lines._deleted_api(operator(create_api=denied))
    assert finding.verdict is Verdict.UNKNOWN
    assert reason_of(denied) == "403 AccessDeniedException: not authorized"
