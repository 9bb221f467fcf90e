"""The authorizer of ``$connect``: checks a worker token and returns a policy."""

from typing import Any

from spaces.bootstrap import gateway
from spaces.domain.errors import Unauthorized
from spaces.handlers.rest.headers import headers_of
from spaces.observability import logger
from spaces.services.workers.open_connection import Identity, identify_worker

_BEARER = "bearer "


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Allow the handshake of a known worker; deny browsers, which never connect here.

    A refusal is returned rather than raised, so that strangers cannot trigger the error alarm.
    """
    resource = event["methodArn"]
    try:
        identity = _identify(headers_of(event))
    except Unauthorized as refusal:
        logger.info("handshake_refused", extra={"reason": refusal.detail})
        return _policy("Deny", "unknown", resource, {})
    return _policy("Allow", identity.worker_id, resource, _context_of(identity))


def _identify(headers: dict[str, str]) -> Identity:
    if "origin" in headers:
        raise Unauthorized("This socket is for workers, not for browsers.")
    return identify_worker(
        gateway(),
        token=_token(headers.get("authorization", "")),
        worker_id=headers.get("x-worker-id", ""),
    )


def _token(authorization: str) -> str:
    is_bearer = authorization[: len(_BEARER)].lower() == _BEARER
    return authorization[len(_BEARER) :].strip() if is_bearer else ""


def _context_of(identity: Identity) -> dict[str, str]:
    """Return the context of all later messages; API Gateway accepts flat strings only."""
    return {
        "worker_id": identity.worker_id,
        "token_id": identity.token.credential_id,
        "token_digest": identity.digest,
        "token_made_at": str(identity.token.created_at),
        "spaces": ",".join(sorted(identity.token.spaces)),
    }


def _policy(effect: str, principal: str, resource: str, context: dict[str, str]) -> dict[str, Any]:
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": resource}
    return {
        "principalId": principal,
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": context,
    }
