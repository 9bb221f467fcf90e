"""Invoke a gateway's admin function directly; IAM decides who may."""

import json
from collections.abc import Mapping
from typing import Any, Protocol

Answer = dict[str, Any]


class Refused(RuntimeError):
    """The gateway rejected a call; the message says why."""


class Admin(Protocol):
    """Sends a call of the administration API to the admin function."""

    def __call__(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Answer:
        """Return the body of the response.

        Args:
            method: HTTP method.
            path: path below ``/v1/admin``.
            body: JSON body; None in it is null.
            query: query parameters.

        Raises:
            Refused: the gateway rejected the call.
        """


def admin_function(
    lambda_client: Any,  # noqa: ANN401 - boto3's client; its type stubs are large
    function_name: str,
    who: str,
) -> Admin:
    """Return a caller of a gateway's admin function.

    Args:
        lambda_client: a boto3 client.
        function_name: the stack's output ``AdminFunctionName``.
        who: the name that the audit trail records.
    """

    def call(
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Answer:
        payload: Answer = {"method": method, "path": f"/v1/admin{path}", "who": who}
        payload |= {"body": dict(body or {}), "query": dict(query or {})}
        response = lambda_client.invoke(
            FunctionName=function_name, Payload=json.dumps(payload).encode()
        )
        return _body(response)

    return call


def _body(response: Mapping[str, Any]) -> Answer:
    answer: Answer = json.loads(response["Payload"].read() or b"{}") or {}
    if "FunctionError" in response:
        raise Refused("The admin function failed. See its log in CloudWatch.")
    body: Answer = answer.get("body") or {}
    if answer.get("status", 500) >= 400:  # noqa: PLR2004 - where errors begin
        raise Refused(str(body.get("detail", "The admin function returned no reason.")))
    return body
