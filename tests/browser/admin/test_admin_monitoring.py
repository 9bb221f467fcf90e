"""Workers, requests, activity and audit log: what administrators see and do."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.support.admin_api_stub import AdminApiStub
from tests.browser.support.admin_responses import (
    activity,
    at,
    entry,
    request,
    running,
    settings,
    token,
    worker,
)
from tests.browser.support.gateway_stub import NO_NETWORK, Answer

pytestmark = pytest.mark.browser

ECHO_7 = "/admin/requests/echo.7.AAAAAAAAAAAAAAAAAAAAAA"
CONNECTION = "/admin/workers/conn-lab-gpu-1"


def test_workers_show_what_they_run(admin_page: Page, stub: AdminApiStub) -> None:
    stub.workers = [worker()]

    admin_page.goto("/admin.html?view=workers")

    card = admin_page.get_by_role("listitem").filter(has_text="lab-gpu-1").first
    for words in ("Busy", "1 of 2 slots in use", "echo.7", "40%", "Reading page 4 of 10"):
        expect(card).to_contain_text(words)
    expect(card.get_by_role("progressbar", name="Progress of echo.7")).to_be_visible()


def test_more_workers_than_a_page_holds_are_shown_on_demand_and_stay(
    admin_page: Page, stub: AdminApiStub
) -> None:
    first = Answer({"workers": [worker()], "next_cursor": "c1"})
    second = Answer({"workers": [worker("lab-gpu-2", last_active_at=None)], "next_cursor": None})
    stub.answer("GET", "/admin/workers", first, first, second)
    admin_page.goto("/admin.html?view=workers")
    expect(admin_page.get_by_role("heading", name="lab-gpu-2")).to_have_count(0)

    admin_page.get_by_role("button", name="Show more").click()

    expect(admin_page.get_by_role("heading", name="lab-gpu-1")).to_be_visible()
    expect(admin_page.get_by_role("heading", name="lab-gpu-2")).to_be_visible()
    expect(admin_page.get_by_text("unknown right now")).to_be_visible()
    expect(admin_page.get_by_role("button", name="Show more")).to_have_count(0)
    assert stub.calls_to("GET", "/admin/workers")[-1].path.endswith("?cursor=c1")


def test_disconnecting_says_what_becomes_of_the_requests(
    admin_page: Page, stub: AdminApiStub
) -> None:
    stub.workers = [worker()]
    admin_page.goto("/admin.html?view=workers")
    admin_page.get_by_role("button", name="Disconnect lab-gpu-1").click()
    dialog = admin_page.get_by_role("dialog")
    expect(dialog).to_contain_text(
        "It is running 1 request, which will go back to the front of the queue."
    )

    stub.workers = []
    dialog.get_by_role("button", name="Disconnect").click()

    expect(admin_page.get_by_text("No worker is connected")).to_be_visible()
    assert stub.calls_to("POST", f"{CONNECTION}/disconnect")


@pytest.mark.parametrize(("state", "action"), [("ready", "Pause"), ("paused", "Resume")])
def test_worker_is_paused_and_resumed(
    admin_page: Page, stub: AdminApiStub, state: str, action: str
) -> None:
    place = {"space": "echo", "state": state, "capacity": 1, "running": []}
    stub.workers = [worker(spaces=[place])]
    admin_page.goto("/admin.html?view=workers")

    admin_page.get_by_role("button", name=f"{action} lab-gpu-1").click()
    admin_page.get_by_role("dialog").get_by_role("button", name=action).click()

    expect(admin_page.get_by_role("dialog")).to_have_count(0)
    assert stub.calls_to("POST", f"{CONNECTION}/{action.lower()}")


def test_message_reaches_the_operator(admin_page: Page, stub: AdminApiStub) -> None:
    stub.workers = [worker()]
    admin_page.goto("/admin.html?view=workers")
    admin_page.get_by_role("button", name="Message the operator of lab-gpu-1").click()

    admin_page.get_by_label("Message", exact=True).fill("Please update.")
    admin_page.get_by_role("button", name="Send").click()

    expect(admin_page.get_by_role("dialog")).to_have_count(0)
    assert stub.calls_to("POST", f"{CONNECTION}/notice")[0].body == {"text": "Please update."}


def test_focus_stays_where_it_is_when_the_workers_are_drawn_anew(
    admin_page: Page, stub: AdminApiStub
) -> None:
    stub.workers = [worker()]
    admin_page.goto("/admin.html?view=workers")
    pause = admin_page.get_by_role("button", name="Pause lab-gpu-1")
    pause.focus()
    place = {"space": "echo", "state": "busy", "capacity": 2, "running": [running(percent=90)]}
    stub.workers = [worker(spaces=[place])]

    admin_page.evaluate("dispatchEvent(new Event('online'))")

    expect(admin_page.get_by_text("90%")).to_be_visible()
    expect(pause).to_be_focused()


def test_filters_are_held_by_the_address(admin_page: Page, stub: AdminApiStub) -> None:
    stub.spaces = [settings()]
    stub.requests = [request(7, "FAILED"), request(8, "COMPLETED")]
    admin_page.goto("/admin.html?view=requests")
    admin_page.get_by_label("State").select_option("FAILED")
    expect(admin_page.get_by_role("row", name="echo.8")).to_have_count(0)

    admin_page.reload()

    expect(admin_page.get_by_label("State")).to_have_value("FAILED")
    expect(admin_page.get_by_role("row", name="echo.7")).to_be_visible()
    expect(admin_page.get_by_role("row", name="echo.8")).to_have_count(0)


def test_spaces_that_are_left_off_are_counted(admin_page: Page, stub: AdminApiStub) -> None:
    listed = {"requests": [request(8)], "next_cursor": None, "spaces_left_off": 12}
    stub.answer("GET", "/admin/requests", Answer(listed))

    admin_page.goto("/admin.html?view=requests")

    expect(admin_page.get_by_text("12 spaces are not included here")).to_be_visible()


def test_times_are_asked_for_in_utc(admin_page: Page, stub: AdminApiStub) -> None:
    admin_page.goto("/admin.html?view=requests&from=2026-11-22T10:00")

    expect(admin_page.get_by_text("No requests match.")).to_be_visible()
    wanted = admin_page.evaluate("new Date('2026-11-22T10:00').toISOString()")
    assert wanted.replace(":", "%3A") in stub.calls_to("GET", "/admin/requests")[0].path


def test_more_requests_are_added_below_once(admin_page: Page, stub: AdminApiStub) -> None:
    first = {"requests": [request(8)], "next_cursor": "c1"}
    second = {"requests": [request(7)], "next_cursor": "c2"}
    stub.answer("GET", "/admin/requests", Answer(first), Answer(second))
    admin_page.goto("/admin.html?view=requests")

    admin_page.get_by_role("button", name="Show more").dblclick()

    expect(admin_page.get_by_text("2 requests shown")).to_be_visible()
    expect(admin_page.get_by_role("button", name="echo.7", exact=True)).to_be_focused()
    assert [call.path for call in stub.calls_to("GET", "/admin/requests")][1:] == [
        "/admin/requests?cursor=c1"
    ]


def test_more_of_the_audit_is_added_below_when_it_can_be_had(
    admin_page: Page, stub: AdminApiStub
) -> None:
    first = {"entries": [entry()], "next_cursor": "c1"}
    second = {"entries": [entry("delete_space", before=None, after=None)], "next_cursor": None}
    stub.answer("GET", "/admin/audit", Answer(first), NO_NETWORK, Answer(second))
    admin_page.goto("/admin.html?view=audit")

    admin_page.get_by_role("button", name="Show more").click()
    admin_page.get_by_role("button", name="Try again").click()

    expect(admin_page.get_by_role("listitem").filter(has_text="deleted space")).to_be_focused()
    expect(admin_page.get_by_role("listitem").filter(has_text="changed space")).to_be_visible()
    expect(admin_page.get_by_role("button", name="Show more")).to_be_hidden()
    expect(admin_page.get_by_role("button", name="Try again")).to_have_count(0)
    assert stub.calls_to("GET", "/admin/audit")[-1].path == "/admin/audit?cursor=c1"


def test_running_request_is_cancelled_after_asking(admin_page: Page, stub: AdminApiStub) -> None:
    stub.requests = [request(7, "IN_PROGRESS")]
    admin_page.goto("/admin.html?view=requests")
    admin_page.get_by_role("button", name="Cancel request echo.7").click()
    dialog = admin_page.get_by_role("dialog")
    expect(dialog).to_contain_text("Its worker will be asked to stop")

    dialog.get_by_role("button", name="Cancel request").click()

    expect(admin_page.get_by_role("dialog")).to_have_count(0)
    assert stub.calls_to("POST", f"{ECHO_7}/cancel")


def test_ended_request_is_sent_again(admin_page: Page, stub: AdminApiStub) -> None:
    stub.requests = [request(7, "FAILED")]
    again = {"request_id": "echo.9.BBBBBBBBBBBBBBBBBBBBBB"}
    stub.answer("POST", f"{ECHO_7}/retry", Answer(again, 202))
    admin_page.goto("/admin.html?view=requests")

    admin_page.get_by_role("button", name="Retry request echo.7").click()
    admin_page.get_by_role("dialog").get_by_role("button", name="Retry request").click()

    announcement = admin_page.locator("[data-part=announcement]")
    expect(announcement).to_have_text("Sent again as request echo.9.")


def test_queue_is_cleared_after_counting(admin_page: Page, stub: AdminApiStub) -> None:
    stub.spaces = [settings()]
    purge = "/admin/spaces/echo/purge"
    admin_page.goto("/admin.html?view=requests&space=echo")
    counts = [Answer({"count": count}) for count in (12, 14, 14)]
    stub.answer("POST", purge, *counts)
    admin_page.get_by_role("button", name="Clear queue…").click()
    dialog = admin_page.get_by_role("dialog", name="Clear the queue of echo")
    expect(dialog).to_contain_text("12 requests will be cancelled.")
    dialog.get_by_label("run").check()
    expect(dialog).to_contain_text("14 requests will be cancelled.")

    dialog.get_by_role("button", name="Cancel all").click()

    announcement = admin_page.locator("[data-part=announcement]")
    expect(announcement).to_have_text("14 requests were cancelled.")
    asked = [call.body for call in stub.calls_to("POST", purge)]
    assert [body["dry_run"] for body in asked] == [True, True, False]
    assert asked[-1]["states"] == ["IN_QUEUE", "IN_PROGRESS"]


def test_activity_is_plotted_with_numbers_beside(admin_page: Page, stub: AdminApiStub) -> None:
    stub.spaces = [settings()]

    admin_page.goto("/admin.html?view=activity&space=echo&hours=6")

    expect(admin_page.get_by_role("img", name="Waiting time.")).to_be_visible()
    expect(admin_page.locator(".plot canvas")).to_have_count(4)
    figure = admin_page.get_by_role("figure").filter(has_text="Processing time")
    figure.get_by_text("Show as a table").click()
    expect(figure.get_by_role("columnheader", name="95th percentile")).to_be_visible()
    assert "hours=6" in stub.calls_to("GET", "/admin/spaces/echo/activity")[0].path


@pytest.mark.parametrize("width", [390, 1280])
def test_a_single_time_is_seen_in_its_plot(
    admin_page: Page, stub: AdminApiStub, width: int
) -> None:
    admin_page.set_viewport_size({"width": width, "height": 844})
    stub.spaces = [settings()]
    lone = activity()
    for index, each in enumerate(lone["buckets"]):
        each["run_time"] = {"p50": 2.0, "p95": 4.0} if index == 12 else None
    stub.activity = lone

    admin_page.goto("/admin.html?view=activity&space=echo")

    drawn = admin_page.get_by_role("figure").filter(has_text="Processing time").locator("canvas")
    expect(drawn).to_be_visible()
    assert coloured_pixels(drawn) > 0


def coloured_pixels(canvas: Locator) -> int:
    """Count the pixels of a plot that are neither grey lines nor words."""
    return int(
        canvas.evaluate(
            """canvas => {
              const { width, height } = canvas;
              const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
              let count = 0;
              for (let at = 0; at < data.length; at += 4) {
                const [red, green, blue, seen] = data.subarray(at, at + 4);
                const colour = Math.max(red, green, blue) - Math.min(red, green, blue);
                if (seen > 200 && colour > 60) count += 1;
              }
              return count;
            }"""
        )
    )


def test_activity_that_was_cut_short_says_so(admin_page: Page, stub: AdminApiStub) -> None:
    stub.spaces = [settings()]
    stub.activity = activity() | {"truncated": True}

    admin_page.goto("/admin.html?view=activity")

    expect(admin_page.get_by_text("too many requests to count at once")).to_be_visible()


def test_audit_shows_before_and_after(admin_page: Page, stub: AdminApiStub) -> None:
    stub.entries = [entry(), entry("delete_space", outcome="refused", before=None, after=None)]
    admin_page.goto("/admin.html?view=audit")

    expect(admin_page.get_by_role("deletion")).to_have_text("60")
    expect(admin_page.get_by_role("insertion")).to_have_text("120")
    expect(admin_page.get_by_text("changed space")).to_be_visible()
    expect(admin_page.get_by_text("Refused")).to_be_visible()


def test_audit_is_grouped_by_day_also_when_more_is_shown(
    admin_page: Page, stub: AdminApiStub
) -> None:
    day = 86_400
    first = {"entries": [entry(at=at(10)), entry(at=at(3 * day))], "next_cursor": "c1"}
    more = {"entries": [entry(at=at(3 * day + 1)), entry(at=at(9 * day))], "next_cursor": None}
    stub.answer("GET", "/admin/audit", Answer(first), Answer(more))
    admin_page.goto("/admin.html?view=audit")
    expect(admin_page.locator(".audit")).to_have_count(2)

    admin_page.get_by_role("button", name="Show more").click()

    expect(admin_page.locator(".audit")).to_have_count(3)
    expect(admin_page.locator(".audit").nth(1).get_by_role("listitem")).to_have_count(2)


def test_many_changes_are_folded(admin_page: Page, stub: AdminApiStub) -> None:
    after = {f"field_{number}": number for number in range(6)}
    stub.entries = [entry("create_space", before=None, after=after)]
    admin_page.goto("/admin.html?view=audit")

    admin_page.get_by_text("6 settings", exact=True).click()

    expect(admin_page.get_by_role("insertion")).to_have_count(6)


def test_requests_refresh_by_themselves_and_keep_the_focus(
    admin_page: Page, stub: AdminApiStub
) -> None:
    stub.requests = [request(7, "FAILED", error="Out of memory", error_type="worker_error")]
    admin_page.goto("/admin.html?view=requests")
    expect(admin_page.get_by_text("model failed")).to_be_visible()
    retry = admin_page.get_by_role("button", name="Retry request echo.7")
    retry.focus()
    stub.requests = [request(8, "IN_QUEUE"), *stub.requests]

    admin_page.evaluate("dispatchEvent(new Event('online'))")

    expect(admin_page.get_by_role("row", name="echo.8")).to_be_visible()
    expect(retry).to_be_focused()


def test_requests_stay_when_more_are_shown(admin_page: Page, stub: AdminApiStub) -> None:
    first = Answer({"requests": [request(8)], "next_cursor": "c1"})
    second = Answer({"requests": [request(7)], "next_cursor": None})
    stub.answer("GET", "/admin/requests", first, second, first)
    admin_page.goto("/admin.html?view=requests")
    admin_page.get_by_role("button", name="Show more").click()
    expect(admin_page.get_by_text("2 requests shown")).to_be_visible()

    admin_page.evaluate("dispatchEvent(new Event('online'))")
    admin_page.evaluate("new Promise((resolve) => requestAnimationFrame(resolve))")

    expect(admin_page.get_by_text("2 requests shown")).to_be_visible()
    assert len(stub.calls_to("GET", "/admin/requests")) == 2


@pytest.mark.parametrize("view", ["requests", "spaces", "access"])
@pytest.mark.parametrize("width", [1280, 1000])
def test_no_word_of_a_table_is_broken(
    admin_page: Page, stub: AdminApiStub, view: str, width: int
) -> None:
    stub.spaces = [settings()]
    stub.tokens = [token()]
    stub.requests = [request(n, "FAILED", error="No memory", error_type="x") for n in (7, 1234)]
    admin_page.set_viewport_size({"width": width, "height": 800})
    admin_page.goto(f"/admin.html?view={view}")
    expect(admin_page.get_by_role("table").first).to_be_visible()

    assert admin_page.evaluate(BROKEN_WORDS) == []
    assert admin_page.evaluate("document.documentElement.scrollWidth <= innerWidth")


BROKEN_WORDS = """() => {
  const broken = [];
  const table = document.querySelector(".data-table");
  const texts = document.createTreeWalker(table, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { currentNode: node } = texts;
    if (!node.parentElement.checkVisibility()) continue;
    for (const { 0: word, index } of node.data.matchAll(/[\\w:.]+/g)) {
      const range = document.createRange();
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
      if (lines.size > 1) broken.push(word);
    }
  }
  return broken;
}"""


def test_keys_choose_one_filter_after_the_other(admin_page: Page, stub: AdminApiStub) -> None:
    stub.spaces = [settings()]
    admin_page.goto("/admin.html?view=requests")
    state = admin_page.get_by_label("State")
    state.focus()

    for name in ("IN_QUEUE", "IN_PROGRESS"):
        admin_page.keyboard.press("ArrowDown")
        expect(admin_page).to_have_url(re.compile(f"state={name}$"))

    expect(state).to_be_focused()
    admin_page.get_by_role("button", name="Clear filters").click()
    expect(admin_page).to_have_url(re.compile("view=requests$"))
    expect(state).to_have_value("")
    expect(admin_page.get_by_role("combobox").first).to_be_focused()


def test_filter_that_is_typed_asks_once(admin_page: Page, stub: AdminApiStub) -> None:
    stub.spaces = [settings()]
    admin_page.goto("/admin.html?view=requests")
    who = admin_page.get_by_label("User")
    who.fill("ann")
    before = len(stub.calls_to("GET", "/admin/requests"))

    with admin_page.expect_response("**/v1/admin/requests?user=ann"):
        who.press("Enter")

    expect(admin_page.locator(".admin-view [aria-busy=false]").first).to_be_visible()
    assert len(stub.calls_to("GET", "/admin/requests")) == before + 1
    expect(who).to_be_focused()


def test_keys_choose_one_span_after_the_other(admin_page: Page, stub: AdminApiStub) -> None:
    stub.spaces = [settings()]
    admin_page.goto("/admin.html?view=activity")
    span = admin_page.locator("form.filters select").last
    span.focus()

    for key, hours in (("ArrowDown", 168), ("ArrowUp", 24)):
        with admin_page.expect_response(f"**/activity?hours={hours}"):
            admin_page.keyboard.press(key)
        expect(admin_page).to_have_url(re.compile(f"hours={hours}$"))

    expect(span).to_be_focused()
