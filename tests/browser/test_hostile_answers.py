"""What a worker sends is hostile: it may say anything, and do nothing."""

import pytest
from playwright.sync_api import Page, Request, expect

from spaces_protocol.rest_bodies import OutputView, RequestState
from tests.browser.bodies import REQUEST_ID, result, space, status
from tests.browser.gateway_stand_in import Answer, GatewayStandIn

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


def show(page: Page, gateway: GatewayStandIn, text: str) -> None:
    gateway.spaces = [space()]
    gateway.statuses = [Answer(status(RequestState.COMPLETED))]
    gateway.results = [Answer(result(output=OutputView(text=text)))]
    page.goto(f"/space.html?space=echo&request={REQUEST_ID}")


def test_hostile_markdown_becomes_harmless(page: Page, gateway: GatewayStandIn) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(_host(request)))

    show(page, gateway, HOSTILE)

    expect(page.locator(".prose h4")).to_have_text("Heading")
    elements = page.locator(".prose *").evaluate_all(
        "all => all.map(e => [e.localName, ...e.getAttributeNames()])"
    )
    assert {element[0] for element in elements} <= ALLOWED
    assert {name for element in elements for name in element[1:]} <= {"href", "rel", "target"}
    assert page.evaluate("window.owned") is None
    assert len(set(asked)) == 1


def test_raw_markup_is_shown_not_lost(page: Page, gateway: GatewayStandIn) -> None:
    show(page, gateway, 'Use <img src="x" onerror="alert(1)"> with care.')

    # Until the sanitiser is loaded the text stands as it came; what counts is what follows.
    rendered = page.locator(".prose:not(.plain-text)")
    expect(rendered).to_have_text('Use <img src="x" onerror="alert(1)"> with care.')


def test_only_links_to_the_outside_stay_and_give_nothing_away(
    page: Page, gateway: GatewayStandIn
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


def test_error_of_a_worker_is_shown_as_text(page: Page, gateway: GatewayStandIn) -> None:
    gateway.spaces = [space()]
    gateway.statuses = [Answer(status(RequestState.FAILED))]
    words = "<img src=x onerror=alert(1)> **not bold**"
    gateway.results = [Answer(result(RequestState.FAILED, error=words, error_type="worker_error"))]

    page.goto(f"/space.html?space=echo&request={REQUEST_ID}")

    expect(page.locator("main").get_by_text(words)).to_be_visible()


def _host(request: Request) -> str:
    return request.url.split("/")[2]
