"""Idempotency-Keys: a repeated submit finds the request that the first one created."""

import hashlib
from typing import NamedTuple

from msgspec import json
from msgspec.structs import asdict, replace

from spaces.domain.errors import IdempotencyKeyReused
from spaces.domain.request_options import RequestOptions
from spaces.domain.timing import IDEMPOTENCY_RETENTION
from spaces.services.ports.gateway import ANY_TICKET, Gateway, IdempotencyRecord
from spaces_protocol.rest_bodies import SubmittedInput


class SubmitKey(NamedTuple):
    """What a repeated submit is recognized by.

    Attributes:
        text: The key, which its caller chose.
        overwrites: Whether this is no repeat: what is stored under the key is of an earlier call.
        lifetime: How long a repeat finds the request, in milliseconds.
    """

    text: str
    overwrites: bool = False
    lifetime: int = IDEMPOTENCY_RETENTION


class Claim(NamedTuple):
    """The ticket and nonce under which a submit stores its request.

    Attributes:
        buried: Whether a tombstone was found there, so that a new ticket is needed.
    """

    ticket: int
    nonce: str
    fingerprint: str
    buried: bool = False


def fingerprint_of(submitted: SubmittedInput, options: RequestOptions) -> str:
    """Return a fingerprint that is the same for equal inputs and options only.

    A repetition may belong elsewhere in its caller's trace. An input without a call has the
    fingerprint that earlier versions gave it.
    """
    fields = asdict(submitted)
    if submitted.call is None:
        del fields["call"]
    content = json.encode(fields, order="sorted")
    untraced = replace(options, traceparent=None)
    if untraced != RequestOptions():
        content += json.encode(untraced, order="sorted")
    return hashlib.sha256(content).hexdigest()[:32]


def find_claim(
    gateway: Gateway, space_id: str, key: SubmitKey | None, fingerprint: str
) -> Claim | None:
    """Return the claim of an earlier submit with this key.

    Raises:
        IdempotencyKeyReused: It had a different input.
    """
    if key is None or key.overwrites:
        return None
    kept = gateway.requests.get_idempotency_record(space_id, _digest(key))
    return _same_input(kept, fingerprint) if kept else None


def store_claim(
    gateway: Gateway,
    space_id: str,
    key: SubmitKey | None,
    claim: Claim,
    *,
    instead_of: Claim | None,
) -> Claim:
    """Store a claim under the key. Of two simultaneous submits, the first wins."""
    if key is None:
        return claim
    record = IdempotencyRecord(claim.ticket, claim.nonce, claim.fingerprint)
    replaces = instead_of.ticket if instead_of else None
    kept = gateway.requests.put_idempotency_record(
        space_id,
        _digest(key),
        record,
        replaces=ANY_TICKET if key.overwrites else replaces,
        lifetime=key.lifetime,
        now=gateway.now(),
    )
    return _same_input(kept, claim.fingerprint)


def forget_claim(gateway: Gateway, space_id: str, key: SubmitKey | None) -> None:
    """Let no repeat of a refused first try find the request of an earlier, equal call."""
    if key is None or not key.overwrites:
        return
    kept = gateway.requests.get_idempotency_record(space_id, _digest(key))
    if kept is not None:
        gateway.requests.put_idempotency_record(
            space_id, _digest(key), kept, replaces=ANY_TICKET, lifetime=0, now=gateway.now()
        )


def _same_input(kept: IdempotencyRecord, fingerprint: str) -> Claim:
    if kept.fingerprint != fingerprint:
        raise IdempotencyKeyReused(
            "This Idempotency-Key was already used with a different input. Use a new key for a new "
            "request."
        )
    return Claim(kept.ticket, kept.nonce, kept.fingerprint)


def _digest(key: SubmitKey) -> str:
    return hashlib.sha256(key.text.encode(errors="surrogatepass")).hexdigest()[:40]
