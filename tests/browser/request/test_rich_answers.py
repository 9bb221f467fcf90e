"""Code, formulas and tables of an answer; what is hostile in them stays text."""

from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from spaces_protocol.rest_bodies import OutputView, RequestState
from tests.browser.support.axe import violations
from tests.browser.support.bodies import REQUEST_ID, result, space, status
from tests.browser.support.gateway_stub import Answer, GatewayStub

pytestmark = pytest.mark.browser

CODE = "```python\ndef hello():\n    return 'Hello'\n```"


def answer(page: Page, gateway: GatewayStub, text: str) -> None:
    gateway.spaces = [space()]
    gateway.statuses = [Answer(status(RequestState.COMPLETED))]
    gateway.results = [Answer(result(output=OutputView(text=text)))]
    page.goto(f"/space.html?space=echo&request={REQUEST_ID}")
    expect(page.locator(".prose:not(.plain-text)")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_code_has_colours_and_a_copy_button(
    page: Page, gateway: GatewayStub, scheme: Literal["light", "dark"]
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])

    answer(page, gateway, CODE)

    expect(page.locator(".hljs-keyword").first).to_have_text("def")
    assert violations(page) == []
    page.get_by_role("button", name="Copy the code").click()
    expect(page.get_by_role("status")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "def hello():\n    return 'Hello'\n"


def test_code_of_an_unknown_language_stays_as_it_is(page: Page, gateway: GatewayStub) -> None:
    answer(page, gateway, "```nonsense\n<b>x</b>\n```")

    expect(page.get_by_role("button", name="Copy the code")).to_be_visible()
    assert page.locator(".prose pre").inner_html() == (
        '<code class="language-nonsense">&lt;b&gt;x&lt;/b&gt;\n</code>'
    )


def test_formulas_are_drawn_and_money_is_not(page: Page, gateway: GatewayStub) -> None:
    answer(page, gateway, "It is $x^2$, not $5 or $6.\n\n$$\\frac{1}{2}$$\n\n$\\unknown$")

    expect(page.locator(".prose math")).to_have_count(2)
    expect(page.locator(".prose math[display=block] mfrac")).to_be_visible()
    expect(page.get_by_text("not $5 or $6.")).to_be_visible()
    expect(page.locator("code", has_text="\\unknown")).to_be_visible()


@pytest.mark.parametrize(
    "hostile",
    [
        "$\\href{javascript:window.owned=1}{x}$",
        "$\\text{<img src=x onerror=window.owned=1>}$",
        "$\\style{position:fixed;inset:0}{x}$",
        "$\\class{page-notice}{x}$",
        "```html\n<script>window.owned=1</script>\n```",
        "```python hljs-keyword\nx\n```",
        '``` "><img src=x onerror=window.owned=1>\nx\n```',
    ],
)
def test_hostile_code_and_formulas_run_nothing(
    page: Page, gateway: GatewayStub, hostile: str
) -> None:
    answer(page, gateway, f"{hostile}\n\n{CODE}")
    expect(page.locator(".hljs-keyword").first).to_be_visible()

    assert page.evaluate("window.owned") is None
    inside = page.locator(".prose")
    assert inside.locator("script, img, [style], a, .page-notice").count() == 0


def test_columns_of_a_table_are_aligned(page: Page, gateway: GatewayStub) -> None:
    answer(page, gateway, "| a | b |\n|:--|--:|\n| one | 1 |")

    cell = page.get_by_role("cell", name="1", exact=True)
    assert cell.evaluate("cell => getComputedStyle(cell).textAlign") == "right"


BROKEN_WORDS = """() => [...document.querySelectorAll(".prose :is(th, td)")]
    .filter((cell) => {
        const range = document.createRange();
        range.selectNodeContents(cell);
        return range.getClientRects().length > 1;
    })
    .map((cell) => cell.textContent)"""


def test_words_of_a_wide_table_stay_whole_on_a_phone(page: Page, gateway: GatewayStub) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    names = ["Column", "Another", "Numbers", "Rightmost", "Difference"]
    rows = (names, ["---"] * 5, ["alpha", "bravo", "22222", "charlie", "8.375"])

    answer(page, gateway, "\n".join(f"| {' | '.join(row)} |" for row in rows))

    expect(page.get_by_role("cell", name="8.375")).to_be_attached()
    assert page.evaluate(BROKEN_WORDS) == []
