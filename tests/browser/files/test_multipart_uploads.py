"""Large files: uploaded in parts, over connections that break, stall or disappear for a while."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.support.file_form import PNG, REQUESTS, choose, open_space, picture, run
from tests.browser.support.gateway_stub import GatewayStub

pytestmark = pytest.mark.browser

PART, PARTS = 200, 3
MOST_TRIES = 5
UNANSWERED_MS = 60_000
READY = ".attachment[data-phase=ready]"
FAILED = ".attachment[data-phase=failed]"


@pytest.fixture
def form(fresh_page: Page, gateway: GatewayStub) -> Page:
    """The form of a space, with a clock that also goes on when the test says so."""
    fresh_page.clock.install()
    gateway.storage.part_bytes = PART
    open_space(fresh_page, gateway)
    return fresh_page


def steps(gateway: GatewayStub, step: str) -> int:
    return len(gateway.calls_to("POST", f"/uploads/upload-1/{step}"))


def until(page: Page, number: int, seen: list[int] | list[bytes]) -> None:
    """Let time pass, four times as fast, until a list that the storage keeps is so long."""
    for _ in range(400):
        if len(seen) >= number:
            return
        page.clock.run_for(75)
        page.wait_for_timeout(25)
    raise AssertionError(f"{len(seen)} of {number} came")


def test_large_file_is_sent_in_parts_once_each_and_completed(
    form: Page, gateway: GatewayStub
) -> None:
    choose(form, picture())
    expect(form.locator(READY)).to_have_count(1)
    run(form)

    expect(form.locator("#result-title")).to_have_text("Next in line")
    assert gateway.storage.posts == []
    assert sorted(gateway.storage.puts) == [1, 2, 3]
    sent = gateway.storage.arrived
    assert b"".join(sent[number] for number in sorted(sent)) == PNG[: PART * PARTS]
    assert steps(gateway, "complete") == 1
    assert gateway.calls_to("POST", "/complete")[0].body == {
        "space": "echo",
        "multipart_id": "multipart-1",
    }
    body = gateway.calls_to("POST", REQUESTS)[0].body
    assert body == {"input": {"files": [{"upload_id": "upload-1"}]}}


def test_part_that_is_cut_is_sent_again_alone(form: Page, gateway: GatewayStub) -> None:
    gateway.storage.statuses = [None]

    choose(form, picture())
    expect(form.locator(READY)).to_have_count(1)
    assert sorted(gateway.storage.puts) == sorted([1, 2, 3, gateway.storage.puts[0]])
    assert len(gateway.calls_to("POST", "/uploads")) == 1


def test_storage_that_is_overloaded_is_asked_again(form: Page, gateway: GatewayStub) -> None:
    gateway.storage.statuses = [503]

    choose(form, picture())
    expect(form.locator(READY)).to_have_count(1)
    assert len(gateway.storage.puts) == PARTS + 1


def test_after_giving_up_try_again_sends_only_what_is_missing(
    form: Page, gateway: GatewayStub
) -> None:
    gateway.storage.statuses = [204, 204, *[None] * MOST_TRIES]
    choose(form, picture())
    until(form, PARTS - 1 + MOST_TRIES, gateway.storage.puts)
    expect(form.locator(FAILED)).to_contain_text("The connection was lost.")
    (missing,) = {1, 2, 3} - gateway.storage.arrived.keys()  # the parts are sent side by side
    gateway.storage.puts.clear()

    form.get_by_role("button", name="Try again").click()

    expect(form.locator(READY)).to_have_count(1)
    assert gateway.storage.puts == [missing]
    assert len(gateway.calls_to("POST", "/uploads")) == 1


@pytest.mark.parametrize("when", ["on its way", "after it failed"])
def test_removing_a_file_in_parts_has_its_parts_thrown_away(
    form: Page, gateway: GatewayStub, when: str
) -> None:
    if when == "on its way":
        gateway.storage.holding = True
    else:
        gateway.storage.statuses = [403, 403]
    choose(form, picture())
    until(form, 2, gateway.storage.puts)
    if when == "after it failed":
        expect(form.locator(FAILED)).to_have_count(1)

    with form.expect_response(lambda answer: answer.url.endswith("/abort")):
        form.get_by_role("button", name="Remove cat.png").click()

    expect(form.locator(".attachment")).to_have_count(0)
    assert gateway.calls_to("POST", "/abort")[0].body == {
        "space": "echo",
        "multipart_id": "multipart-1",
    }


def test_file_that_arrived_is_not_aborted_when_it_is_removed(
    form: Page, gateway: GatewayStub
) -> None:
    choose(form, picture())
    expect(form.locator(READY)).to_have_count(1)

    form.get_by_role("button", name="Remove cat.png").click()

    form.wait_for_timeout(200)
    assert gateway.calls_to("POST", "/abort") == []


@pytest.mark.parametrize(("part_bytes", "sent"), [(None, "100%"), (PART, "66%")])
def test_upload_that_gets_no_response_is_ended_and_sent_again(
    form: Page, gateway: GatewayStub, part_bytes: int | None, sent: str
) -> None:
    storage = gateway.storage
    storage.part_bytes, storage.holding = part_bytes, True
    choose(form, picture())
    first: list[int] | list[bytes] = storage.puts if part_bytes else storage.posts
    at_once = 2 if part_bytes else 1
    until(form, at_once, first)
    expect(form.locator(".attachment")).to_contain_text(f"{sent} of 600 bytes")
    storage.holding = False

    form.clock.run_for(UNANSWERED_MS - 5_000)
    assert len(first) == at_once
    for _ in range(20):
        if len(first) > at_once:
            break  # a clock that runs on would time out the second attempt as well
        form.clock.run_for(500)
        form.wait_for_timeout(25)  # the second attempt comes over the network

    expect(form.locator(READY)).to_have_count(1)
    assert len(first) == (at_once + PARTS if part_bytes else 2)


def test_without_a_network_it_waits_for_one_and_goes_on(form: Page, gateway: GatewayStub) -> None:
    gateway.storage.holding = True
    choose(form, picture())
    until(form, 2, gateway.storage.puts)
    form.context.set_offline(offline=True)
    gateway.storage.cut_off()
    state = form.locator(".attachment")
    expect(state).to_contain_text("You are offline. The upload continues when you are back online.")
    form.clock.run_for(10 * 60_000)
    expect(state).to_contain_text("You are offline")
    assert len(gateway.storage.puts) == 2

    form.context.set_offline(offline=False)

    expect(form.locator(READY)).to_have_count(1)
    assert len(gateway.storage.puts) == 2 + PARTS


def test_addresses_that_ended_meanwhile_are_replaced_by_fresh_ones(
    form: Page, gateway: GatewayStub
) -> None:
    gateway.storage.holding = True
    choose(form, picture())
    until(form, 2, gateway.storage.puts)
    form.context.set_offline(offline=True)
    gateway.storage.cut_off()
    expect(form.locator(".attachment")).to_contain_text("You are offline")
    form.clock.run_for(15 * 60_000)
    assert steps(gateway, "parts") == 0
    gateway.storage.lifetime_minutes = 60

    form.context.set_offline(offline=False)

    expect(form.locator(READY)).to_have_count(1)
    assert steps(gateway, "parts") == 2
    assert len(gateway.storage.puts) == 2 + PARTS
