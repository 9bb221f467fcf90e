"""Enforces the limits of a caller, with one small write per request or upload."""

from contextlib import suppress
from typing import Final, NamedTuple

from spaces.domain.access.caller import Anonymous, Caller, Key, User
from spaces.domain.access.quota import (
    CallerLimits,
    Quota,
    check_request,
    count_request,
    count_try,
    count_upload,
    prune,
)
from spaces.domain.errors import Busy, RateLimited
from spaces.domain.queue.queue import Queue
from spaces.domain.space import Definition
from spaces.services.ports.access_stores import QuotaConflict, VersionedQuota
from spaces.services.ports.gateway import Gateway

MAX_TRIES: Final = 20


class CallerQuota(NamedTuple):
    """The limits of a caller, and where its use is counted.

    Attributes:
        scope: For an API key, everything it does; for other callers, what they do in one space.
    """

    scope: str
    limits: CallerLimits

    @property
    def counts_requests(self) -> bool:
        """Whether requests are limited at all; if not, nothing is written."""
        return self.limits.requests_per_minute is not None or self.limits.max_waiting is not None

    @property
    def counts_uploads(self) -> bool:
        """Whether uploads are limited at all."""
        limits = self.limits
        return limits.requests_per_minute is not None or limits.upload_bytes_per_day is not None


def quota_of(definition: Definition, caller: Caller | None) -> CallerQuota | None:
    """Return the quota that applies to a caller in a space; None for the gateway itself."""
    if isinstance(caller, Key):
        return CallerQuota(f"key#{caller.key_id}", caller.limits)
    if isinstance(caller, User):
        return CallerQuota(f"{definition.space_id}#user#{caller.sub}", definition.user_limits)
    if isinstance(caller, Anonymous):
        scope = f"{definition.space_id}#address#{caller.address}"
        return CallerQuota(scope, definition.anonymous_limits)
    return None


def check_quota(gateway: Gateway, caller_quota: CallerQuota, queue: Queue) -> VersionedQuota:
    """Return what the caller has used if one more request is within its limits.

    Checking first means that a foreseeable refusal costs no ticket.

    Raises:
        RateLimited: The limits are reached.
    """
    stored = gateway.quotas.read(caller_quota.scope)
    _admit(gateway, caller_quota, stored.quota, queue)
    return stored


def charge_request(
    gateway: Gateway,
    caller_quota: CallerQuota,
    queue: Queue,
    ticket: int,
    stored: VersionedQuota | None,
) -> None:
    """Count one request under its ticket.

    Args:
        gateway: Access to the outside.
        caller_quota: The limits of the caller.
        queue: The queue as it was when the ticket was issued.
        ticket: The ticket of the request.
        stored: What was read before; saves a read.

    Raises:
        RateLimited: Other requests of the caller used up the limit in the meantime.
        Busy: Too many of them arrived at the same time.
    """
    stored = stored or gateway.quotas.read(caller_quota.scope)
    now = gateway.now()
    for _ in range(MAX_TRIES):
        quota = _admit(gateway, caller_quota, stored.quota, queue)
        after = count_request(quota, caller_quota.limits, queue.space_id, ticket, now)
        try:
            return gateway.quotas.swap(caller_quota.scope, stored, after, now=now)
        except QuotaConflict as moved:
            stored = moved.current
    raise Busy("Too many simultaneous requests. Try again.", retry_after_seconds=1)


def charge_refusal(gateway: Gateway, caller_quota: CallerQuota, stored: VersionedQuota) -> None:
    """Count a refused submit as one of the minute's requests; a conflict may let it pass."""
    now = gateway.now()
    with suppress(QuotaConflict):
        gateway.quotas.swap(caller_quota.scope, stored, count_try(stored.quota, now), now=now)


def charge_upload(gateway: Gateway, caller_quota: CallerQuota | None, size: int = 0) -> None:
    """Count one call about an upload, and the bytes that it announces.

    Raises:
        RateLimited: It would exceed a limit of the caller.
        Busy: Too many of the caller's uploads begin at the same time.
    """
    if caller_quota is None or not caller_quota.counts_uploads:
        return None
    stored, now = gateway.quotas.read(caller_quota.scope), gateway.now()
    for _ in range(MAX_TRIES):
        after = count_upload(stored.quota, caller_quota.limits, size, now)
        try:
            return gateway.quotas.swap(caller_quota.scope, stored, after, now=now)
        except QuotaConflict as moved:
            stored = moved.current
    raise Busy("Too many simultaneous uploads. Try again.", retry_after_seconds=1)


def _admit(gateway: Gateway, caller_quota: CallerQuota, quota: Quota, queue: Queue) -> Quota:
    """Return the quota without requests that no longer wait, if one more is within the limits.

    Requests of an API key may wait in several spaces; other queues are read only if it matters.
    """
    quota, now = prune(quota, queue), gateway.now()
    try:
        check_request(quota, caller_quota.limits, now)
    except RateLimited:
        others = [space for space in quota.waiting if space != queue.space_id]
        if not others:
            raise
        quota = _prune_others(gateway, quota, others)
        check_request(quota, caller_quota.limits, now)
    return quota


def _prune_others(gateway: Gateway, quota: Quota, others: list[str]) -> Quota:
    for space_id in others:
        queue = gateway.spaces.read_queue(space_id, consistent=False)
        if queue is not None:
            quota = prune(quota, queue)
    return quota
