"""Options of one request: what a caller may set, and what is refused or ignored."""

import pytest

from spaces.domain.errors import InvalidInput
from spaces.domain.request_options import RequestOptions, check_options, read_traceparent
from spaces.domain.space import Definition

SPACE = Definition(
    space_id="echo", title="Echo", created_at=1, timeout=60_000, queue_timeout=120_000
)
TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
GOOD = f"00-{TRACE}-{SPAN}-01"


@pytest.mark.parametrize(
    "options",
    [
        RequestOptions(),
        RequestOptions(timeout=60_000, start_timeout=120_000),
        RequestOptions(timeout=1_000, start_timeout=1_000),
        RequestOptions(metadata={"k": "v" * 2_040}),
    ],
)
def test_what_the_space_allows_is_taken(options):
    check_options(SPACE, options)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (RequestOptions(timeout=60_001), ["timeout_seconds", "60.001", "at most 60."]),
        (RequestOptions(start_timeout=999_000), ["start_timeout_seconds is 999;", "at most 120."]),
        (RequestOptions(metadata={"k": "v" * 2_041}), ["metadata has 2,049 bytes", "2,048"]),
        (RequestOptions(metadata={"k": "é" * 1_030}), ["metadata"]),
    ],
)
def test_a_refusal_names_field_limit_and_remedy(options, says):
    with pytest.raises(InvalidInput) as refused:
        check_options(SPACE, options)

    assert all(each in refused.value.detail for each in says), refused.value.detail


@pytest.mark.parametrize(
    ("header", "passed_on"),
    [
        (GOOD, GOOD),
        (f" {GOOD} ", GOOD),
        (f"cc-{TRACE}-{SPAN}-01-what-comes-later", GOOD),
        (f"cc-{TRACE}-{SPAN}-01", GOOD),
        (f"{GOOD}-more", None),
        (f"cc-{TRACE}-{SPAN}-01.more", None),
        (f"ff-{TRACE}-{SPAN}-01", None),
        (f"00-{'0' * 32}-{SPAN}-01", None),
        (f"00-{TRACE}-{'0' * 16}-01", None),
        (f"00-{TRACE.upper()}-{SPAN}-01", None),
        (f"00-{TRACE}-{SPAN}", None),
        (f"00-{TRACE}-{SPAN}-0g", None),
        (f"{GOOD}\n{GOOD}", None),
        ("", None),
        (None, None),
    ],
)
def test_a_traceparent_is_passed_on_or_ignored(header, passed_on):
    assert read_traceparent(header) == passed_on
