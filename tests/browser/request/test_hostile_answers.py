"""Hostile output of a worker is shown as text and runs nothing."""

import pytest
from playwright.sync_api import Page, Request, Route, expect

from spaces_protocol.rest_bodies import OutputView, Partial, RequestState
from tests.browser.support.bodies import REQUEST_ID, result, space, status
from tests.browser.support.gateway_stub import Answer, GatewayStub
from tests.browser.support.own_modules import own_module

pytestmark = pytest.mark.browser

HOSTILE = """
<script>window.owned = 1</script>
<img src=x onerror="window.owned = 1">
<svg onload="window.owned = 1"><style>body { display: none }</style></svg>
<form action="https://evil.example/"><input id="prompt" name="title"></form>
<a href="javascript:window.owned = 1" style="position: fixed; inset: 0">raw</a>
<iframe src="https://evil.example/"></iframe>

[script](javascript:window.owned=1) [upper](JaVaScRiPt:window.owned=1) [data](data:text/html,x)
[relative](/v1/spaces) [protocol](//evil.example/)
[good](https://good.example/ "title") <mailto:somebody@good.example>
![picture](https://evil.example/track.png) ![inline](data:image/png;base64,AAAA)

- [x] done

# Heading
```html
<b>code</b>
```
"""
ALLOWED = {
    *("p", "br", "hr", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre"),
    *("code", "em", "strong", "del", "a", "table", "thead", "tbody", "tr", "th", "td"),
}


def show(page: Page, gateway: GatewayStub, text: str) -> None:
    gateway.spaces = [space()]
    gateway.statuses = [Answer(status(RequestState.COMPLETED))]
    gateway.results = [Answer(result(output=OutputView(text=text)))]
    page.goto(f"/space.html?space=echo&request={REQUEST_ID}")


def test_hostile_markdown_becomes_harmless(page: Page, gateway: GatewayStub) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(_host(request)))

    show(page, gateway, HOSTILE)

    expect(page.locator(".prose h4")).to_have_text("Heading")
    expect(page.locator(".hljs-tag").first).to_be_visible()
    own = ".code-block, .code-block > .button, [class^=hljs-]"  # what the page itself adds to code
    elements = page.locator(f".prose *:not({own})").evaluate_all(
        "all => all.map(e => [e.localName, ...e.getAttributeNames()])"
    )
    assert {element[0] for element in elements} <= ALLOWED
    assert {name for element in elements for name in element[1:]} <= {
        "href",
        "rel",
        "target",
        "class",
    }
    assert page.evaluate("window.owned") is None
    assert len(set(asked)) == 1


def test_raw_markup_is_shown_not_lost(page: Page, gateway: GatewayStub) -> None:
    show(page, gateway, 'Use <img src="x" onerror="alert(1)"> with care.')

    # Until the sanitiser is loaded the text stands as it came; what counts is what follows.
    rendered = page.locator(".prose:not(.plain-text)")
    expect(rendered).to_have_text('Use <img src="x" onerror="alert(1)"> with care.')


def test_only_links_to_the_outside_stay_and_give_nothing_away(
    page: Page, gateway: GatewayStub
) -> None:
    show(page, gateway, HOSTILE)
    expect(page.locator(".prose h4")).to_be_visible()

    links = page.locator(".prose a[href]").evaluate_all(
        "all => all.map(a => [a.getAttribute('href'), a.rel, a.target])"
    )

    assert [href for href, *_ in links] == [
        "https://good.example/",
        "mailto:somebody@good.example",
        "https://evil.example/track.png",
    ]
    assert {(rel, target) for _, rel, target in links} == {
        ("noopener noreferrer nofollow", "_blank")
    }


@pytest.mark.parametrize("repeated", ["- " * 4_000, ">" * 4_000, "1. " * 3_000])
def test_text_nested_without_end_is_shown_plain_not_cut(
    page: Page, gateway: GatewayStub, repeated: str
) -> None:
    text = f"The dose is 5 mg, **not** 50.\n\n{repeated}The end"
    begun = Partial(text="The **dose** is ", next_after="1.1", restarted=False)
    silent = Answer(status(RequestState.IN_PROGRESS))
    gateway.spaces = [space()]
    gateway.statuses = [Answer(status(RequestState.IN_PROGRESS, partial=begun)), silent]
    gateway.results = [Answer(result(output=OutputView(text=text)))]
    page.goto(f"/space.html?space=echo&request={REQUEST_ID}")
    expect(page.locator(".prose strong")).to_have_text("dose")

    gateway.statuses = [Answer(status(RequestState.COMPLETED))]

    expect(page.locator("#result-title")).to_have_text("Answered")
    for words in ("5 mg, **not** 50.", "The end"):
        expect(page.locator(".prose.plain-text")).to_contain_text(words)


def test_nested_text_that_is_unfolded_is_shown_whole(page: Page, gateway: GatewayStub) -> None:
    show(page, gateway, "**word** " * 2_000 + "\n\n" + "- " * 4_000 + "The end")
    expect(page.locator(".prose strong")).not_to_have_count(0)

    page.get_by_role("button", name="Show all").click()

    expect(page.locator(".prose")).to_contain_text("The end")


def test_text_that_is_unfolded_before_it_is_rendered_is_shown_whole(
    page: Page, gateway: GatewayStub
) -> None:
    held: list[Route] = []
    page.route("**/result/markdown.js", lambda route: held.append(route))  # noqa: PLW0108
    with page.expect_request("**/result/markdown.js"):
        show(page, gateway, "word " * 18_000 + "The end")
    page.get_by_role("button", name="Show all").click()
    expect(page.locator(".prose")).to_contain_text("The end")

    held[0].continue_()
    page.evaluate(f"async () => void ({own_module('result/markdown.js')})")

    expect(page.locator(".prose")).to_contain_text("The end")


@pytest.mark.parametrize(
    "costly",
    ["word " * 8_100, "*a **b" * 6_500, "_a__b" * 7_900],
    ids=["longest", "emphasis that never ends", "a word that never ends"],
)
def test_texts_that_would_hold_the_page_up_are_shown_as_they_came(
    page: Page, gateway: GatewayStub, costly: str
) -> None:
    show(page, gateway, costly)

    page.get_by_role("button", name="Show all").click()

    expect(page.locator(".prose.plain-text")).to_have_text(costly)


def test_large_data_has_one_line_an_entry(page: Page, gateway: GatewayStub) -> None:
    entries = [{"label": f"word {number}", "box": [number] * 4} for number in range(3_000)]
    gateway.spaces = [space()]
    gateway.statuses = [Answer(status(RequestState.COMPLETED))]
    gateway.results = [Answer(result(output=OutputView(data=entries)))]

    page.goto(f"/space.html?space=echo&request={REQUEST_ID}")

    shown = page.locator(".result-data")
    expect(shown).to_contain_text('{"label":"word 2999","box":[2999,2999,2999,2999]}')
    assert (shown.text_content() or "").count("\n") == len(entries) + 1


def test_large_data_is_read_once_not_with_every_tick(page: Page, gateway: GatewayStub) -> None:
    page.add_init_script(
        """const stringify = JSON.stringify;
        window.readings = 0;
        JSON.stringify = (value, ...rest) => {
          const text = stringify(value, ...rest);
          if (text?.length > 50_000) window.readings += 1;
          return text;
        };"""
    )
    gateway.spaces = [space()]
    gateway.statuses = [Answer(status(RequestState.COMPLETED))]
    gateway.results = [Answer(result(output=OutputView(data=["x" * 100] * 600)))]
    page.goto(f"/space.html?space=echo&request={REQUEST_ID}")
    expect(page.locator(".result-data")).to_be_visible()
    before = page.evaluate("readings")

    page.wait_for_timeout(2_500)

    assert page.evaluate("readings") == before


def test_error_of_a_worker_is_shown_as_text(page: Page, gateway: GatewayStub) -> None:
    gateway.spaces = [space()]
    gateway.statuses = [Answer(status(RequestState.FAILED))]
    words = "<img src=x onerror=alert(1)> **not bold**"
    gateway.results = [Answer(result(RequestState.FAILED, error=words, error_type="worker_error"))]

    page.goto(f"/space.html?space=echo&request={REQUEST_ID}")

    expect(page.locator("main").get_by_text(words)).to_be_visible()


def _host(request: Request) -> str:
    return request.url.split("/")[2]


def test_very_long_line_of_data_shows_its_beginning(page: Page, gateway: GatewayStub) -> None:
    gateway.spaces = [space()]
    gateway.statuses = [Answer(status(RequestState.COMPLETED))]
    rows = [{"row": number} for number in range(30_000)]
    gateway.results = [Answer(result(output=OutputView(data={"id": 1, "rows": rows})))]

    page.goto(f"/space.html?space=echo&request={REQUEST_ID}")

    expect(page.locator(".result-data")).to_contain_text('{"row":9000}')
    expect(page.get_by_role("button", name="Show all")).to_be_visible()


def test_very_long_data_is_folded_and_unfolds_in_blocks(page: Page, gateway: GatewayStub) -> None:
    count = 400_000
    gateway.spaces = [space()]
    gateway.statuses = [Answer(status(RequestState.COMPLETED))]
    gateway.results = [Answer(result(output=OutputView(data=[{} for _ in range(count)])))]
    page.goto(f"/space.html?space=echo&request={REQUEST_ID}")
    shown = page.locator(".result-data")
    expect(shown).to_contain_text("{}")
    assert len(shown.text_content() or "") <= 200_000

    page.get_by_role("button", name="Show all (1.1 MB)").click()

    expect(shown).to_be_focused()
    expect(page.get_by_role("button", name="Show all")).to_be_hidden()
    assert page.locator(".result-data-block").count() == count // 200 + 1
    lines = page.evaluate("document.querySelector('.result-data').textContent.split('{}').length")
    assert lines == count + 1
