"""Calls the admin function of a gateway directly: who may is a matter of IAM."""

import json
from collections.abc import Mapping
from typing import Any, Protocol

Answer = dict[str, Any]


class Refused(RuntimeError):
    """The gateway did not do what was asked; the text says why."""


class Admin(Protocol):
    """Carries a call of the administration API to the admin function."""

    def __call__(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Answer:
        """Return the answer's body.

        Args:
            method: of HTTP.
            path: below ``/v1/admin``.
            body: None in it is null; what is not to be said is not in it.
            query: parameters.

        Raises:
            Refused: the gateway did not do it.
        """


def admin_function(
    lambda_client: Any,  # noqa: ANN401 - boto3's client; its type stubs are large
    function_name: str,
    who: str,
) -> Admin:
    """Return what invokes the admin function of a gateway.

    Args:
        lambda_client: boto3's.
        function_name: the stack's output ``AdminFunctionName``.
        who: is named in the audit trail.
    """

    def call(
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Answer:
        order: Answer = {"method": method, "path": f"/v1/admin{path}", "who": who}
        order |= {"body": dict(body or {}), "query": dict(query or {})}
        payload = json.dumps(order).encode()
        response = lambda_client.invoke(FunctionName=function_name, Payload=payload)
        return _body(response)

    return call


def _body(response: Mapping[str, Any]) -> Answer:
    answer: Answer = json.loads(response["Payload"].read() or b"{}") or {}
    if "FunctionError" in response:
        raise Refused("The admin function failed; its log says why.")
    body: Answer = answer.get("body") or {}
    if answer.get("status", 500) >= 400:  # noqa: PLR2004 - where errors begin
        raise Refused(str(body.get("detail", "The admin function gave no reason.")))
    return body
