"""Holds a caller to its limits, with one small write a request or upload."""

from typing import Final, NamedTuple

from spaces.domain.access.caller import Anonymous, Caller, Key, User
from spaces.domain.access.quota import (
    CallerLimits,
    Quota,
    check_request,
    count_request,
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
    """Where a caller's doings are stored, and what they are held to.

    Attributes:
        scope: a key's whole work; of all others, what they do in one space.
    """

    scope: str
    limits: CallerLimits

    @property
    def counts_requests(self) -> bool:
        """Whether the number of requests is limited at all; if not, nothing is written."""
        return self.limits.requests_per_minute is not None or self.limits.max_waiting is not None


def quota_of(definition: Definition, caller: Caller | None) -> CallerQuota | None:
    """Return how a caller is stored in a space; None for the gateway itself."""
    if isinstance(caller, Key):
        return CallerQuota(f"key#{caller.key_id}", caller.limits)
    if isinstance(caller, User):
        return CallerQuota(f"{definition.space_id}#user#{caller.sub}", definition.user_limits)
    if isinstance(caller, Anonymous):
        scope = f"{definition.space_id}#address#{caller.address}"
        return CallerQuota(scope, definition.anonymous_limits)
    return None


def check_quota(gateway: Gateway, caller_quota: CallerQuota, queue: Queue) -> VersionedQuota:
    """Return what the caller has used up, if one request more is within its limits.

    So a refusal that can be foreseen costs no ticket.

    Raises:
        RateLimited: it is not.
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
        queue: as it was when the ticket was issued.
        stored: what was read before, to save a read.

    Raises:
        RateLimited: others of the same caller were quicker.
        Busy: too many of them at the same moment.
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
    raise Busy("You submit too much at the same moment. Try again.", retry_after_seconds=1)


def charge_upload(gateway: Gateway, caller_quota: CallerQuota, size: int) -> None:
    """Count the bytes of one upload.

    Raises:
        RateLimited: that would be more than the caller may upload a day.
        Busy: too many of its uploads begin at the same moment.
    """
    stored, now = gateway.quotas.read(caller_quota.scope), gateway.now()
    for _ in range(MAX_TRIES):
        after = count_upload(stored.quota, caller_quota.limits, size, now)
        try:
            return gateway.quotas.swap(caller_quota.scope, stored, after, now=now)
        except QuotaConflict as moved:
            stored = moved.current
    raise Busy("You upload too much at the same moment. Try again.", retry_after_seconds=1)


def _admit(gateway: Gateway, caller_quota: CallerQuota, quota: Quota, queue: Queue) -> Quota:
    """Return the quota without what waits no more, if one request more is within the limits.

    A key's requests may wait in several spaces; the others' queues are read only when it matters.
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
