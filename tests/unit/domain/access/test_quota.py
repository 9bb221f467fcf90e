import pytest

from spaces.domain.access.quota import (
    DAY,
    MINUTE,
    CallerLimits,
    Quota,
    check_request,
    check_space_rate,
    count_request,
    count_try,
    count_upload,
    prune,
)
from spaces.domain.errors import RateLimited
from spaces.domain.queue.queue import Queue

NOW = 1_800_000_000_000
LIMITS = CallerLimits(requests_per_minute=3, max_waiting=2, upload_bytes_per_day=100)


def after(requests, limits=LIMITS, now=NOW, quota=None):
    quota = quota or Quota()
    for ticket in range(1, requests + 1):
        quota = count_request(quota, limits, "echo", ticket, now)
    return quota


def test_so_many_requests_a_minute_and_no_more():
    limits = CallerLimits(requests_per_minute=3)
    check_request(after(2, limits), limits, NOW)

    with pytest.raises(RateLimited, match="3 requests per minute") as refusal:
        check_request(after(3, limits), limits, NOW)

    assert 1 <= refusal.value.retry_after_seconds <= 60
    check_request(after(3, limits), limits, NOW + refusal.value.retry_after_seconds * 1000)


def test_so_many_waiting_and_no_more_until_one_waits_no_more():
    full = after(2)
    with pytest.raises(RateLimited, match="2 of your requests are already waiting"):
        check_request(full, LIMITS, NOW + MINUTE)

    started = prune(full, Queue(space_id="echo", tail=2, next=2))

    assert started.waiting == {"echo": (2,)}
    check_request(started, LIMITS, NOW + MINUTE)


def test_what_waits_elsewhere_is_not_forgotten():
    quota = Quota(waiting={"other": (7,), "echo": (1,)})

    assert prune(quota, Queue(space_id="echo", tail=1, next=2)).waiting == {"other": (7,)}


def test_tickets_are_kept_only_where_waiting_is_limited():
    assert after(50, CallerLimits(requests_per_minute=1)).waiting == {}


def test_so_many_bytes_a_day_and_no_more():
    quota = count_upload(Quota(), LIMITS, 60, NOW)

    with pytest.raises(RateLimited, match="100 bytes a day"):
        count_upload(quota, LIMITS, 41, NOW)

    assert count_upload(quota, LIMITS, 40, NOW).uploaded == 100
    assert count_upload(quota, LIMITS, 100, NOW + DAY).uploaded == 100


def test_no_limit_is_no_limit():
    none = CallerLimits()

    check_request(after(1_000, none), none, NOW)
    assert count_upload(Quota(), none, 10**15, NOW).uploaded == 10**15


def test_a_space_s_own_rate_counts_everybody():
    minute = NOW // MINUTE
    check_space_rate(Queue(space_id="echo", minute=minute, minute_count=4), 5, NOW)
    check_space_rate(Queue(space_id="echo", minute=minute - 1, minute_count=9), 5, NOW)
    check_space_rate(Queue(space_id="echo", minute=minute, minute_count=9), None, NOW)

    with pytest.raises(RateLimited, match="5 requests per minute in total"):
        check_space_rate(Queue(space_id="echo", minute=minute, minute_count=5), 5, NOW)


def test_calls_about_uploads_count_by_number_too():
    limits = CallerLimits(requests_per_minute=5, upload_bytes_per_day=10**9)
    quota = Quota()
    for _ in range(50):
        quota = count_upload(quota, limits, 1, NOW)

    with pytest.raises(RateLimited, match="50 upload calls per minute") as refusal:
        count_upload(quota, limits, 0, NOW)

    assert 1 <= refusal.value.retry_after_seconds <= 60
    assert count_upload(quota, limits, 0, NOW + MINUTE).upload_calls == 1
    assert count_upload(quota, CallerLimits(), 0, NOW).uploaded == 50


def test_a_submit_without_a_ticket_counts_as_one_of_the_minute():
    limits = CallerLimits(requests_per_minute=2)
    quota = count_try(count_try(Quota(), NOW), NOW)

    with pytest.raises(RateLimited):
        check_request(quota, limits, NOW)

    check_request(quota, limits, NOW + MINUTE)
