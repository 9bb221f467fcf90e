"""The overview: how the gateway is doing, and what needs attention."""

import re

import pytest
from playwright.sync_api import Page, expect

from spaces_protocol.rest_bodies import WorkerView
from tests.browser.support.admin_api_stub import AdminApiStub
from tests.browser.support.admin_responses import activity, settings
from tests.browser.support.bodies import ago, space, space_without_worker
from tests.browser.support.gateway_stub import Answer

pytestmark = pytest.mark.browser

OVERVIEW = "/admin.html"


def test_figures_are_those_of_all_spaces(admin_page: Page, stub: AdminApiStub) -> None:
    stub.spaces = [settings(), settings("speech", title="Speech")]
    lost = WorkerView(worker_id="lab-gpu-2", state="reconnecting", since=ago(20))
    stub.live = [space(), space("speech", state="reconnecting", connected=False, workers=[lost])]
    slow = activity() | {"queue_time": {"p50": 3.0, "p95": 70.0}}
    stub.answer("GET", "/admin/spaces/speech/activity", Answer(slow))
    accepted = 2 * sum(bucket["accepted"] for bucket in stub.activity["buckets"])

    admin_page.goto(OVERVIEW)

    workers = admin_page.locator(".overview-figure[data-figure=workers]")
    expect(workers).to_contain_text("1 of 2 spaces have one")
    expect(workers.get_by_role("link", name="1", exact=True)).to_be_visible()
    requests = admin_page.locator(".overview-figure[data-figure=requests]")
    expect(requests).to_contain_text(str(accepted))
    expect(requests.get_by_role("img", name=f"{accepted} requests in 24 hours")).to_be_visible()
    expect(admin_page.locator(".overview-figure[data-figure=errors]")).to_contain_text("%")
    wait = admin_page.locator(".overview-figure[data-figure=wait]")
    expect(wait).to_contain_text("1 min 10 s")
    expect(wait.get_by_role("link", name="Speech")).to_be_visible()
    expect(admin_page.get_by_text("Lost contact with lab-gpu-2.")).to_be_visible()


def test_what_needs_attention_leads_to_where_it_is_seen_to(
    admin_page: Page, stub: AdminApiStub
) -> None:
    stub.spaces = [settings(), settings("off", title="Old model", disabled=True)]
    stub.live = [space_without_worker(queue_length=3)]

    admin_page.goto(OVERVIEW)

    items = admin_page.locator(".attention").get_by_role("listitem")
    expect(items.first).to_contain_text("3 requests are waiting, and no worker is connected.")
    expect(items.last).to_contain_text("It refuses every request.")
    items.last.get_by_role("link", name="Settings: Old model").click()
    expect(admin_page).to_have_url(re.compile("view=space&space=off"))


def test_overview_follows_what_happens(admin_page: Page, stub: AdminApiStub) -> None:
    stub.spaces = [settings()]
    stub.live = [space_without_worker(queue_length=1)]
    stub.activity = activity(0)
    admin_page.goto(OVERVIEW)
    expect(admin_page.get_by_text("1 request is waiting")).to_be_visible()

    stub.live = [space()]
    admin_page.evaluate("dispatchEvent(new Event('online'))")

    expect(admin_page.get_by_text("Everything is running")).to_be_visible()
    assert len(stub.calls_to("GET", "/admin/spaces/echo/activity")) == 1


def test_no_more_than_twenty_spaces_are_counted_and_it_says_so(
    admin_page: Page, stub: AdminApiStub
) -> None:
    names = [f"space-{number}" for number in range(25)]
    stub.spaces = [settings(name) for name in names]
    quiet = [space(name, last_seen=ago(3600 + n)) for n, name in enumerate(names[:-1])]
    stub.live = [*quiet, space_without_worker(names[-1], queue_length=1, last_seen=None)]

    admin_page.goto(OVERVIEW)

    expect(admin_page.get_by_text("the 20 most recently active of 25 spaces")).to_be_visible()
    asked = {call.path.split("/")[3] for call in stub.calls if "/activity" in call.path}
    assert asked == {*names[:19], names[-1]}


def test_activity_that_cannot_be_read_is_left_out_and_it_says_so(
    admin_page: Page, stub: AdminApiStub
) -> None:
    stub.spaces = [settings(), settings("speech")]
    stub.live = [space(), space("speech")]
    stub.answer("GET", "/admin/spaces/speech/activity", Answer({}, 500))

    admin_page.goto(OVERVIEW)

    expect(admin_page.get_by_text("The activity of 1 space could not be read.")).to_be_visible()
    wait = admin_page.locator(".overview-figure[data-figure=wait]")
    expect(wait).to_contain_text("8.5 s")


def test_empty_gateway_offers_the_first_space(admin_page: Page, stub: AdminApiStub) -> None:
    admin_page.goto(OVERVIEW)

    admin_page.get_by_role("link", name="Create your first space").click()

    expect(admin_page.get_by_label("Name", exact=True)).to_be_visible()
