"""The page's files agree with each other."""

import json
import re
import subprocess
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "web_static"
PAGES = ("index.html", "space.html")
# Keys whose last word comes from the gateway or from a state of the page.
BUILT = (
    *("state.", "space.feature.", "refused.", "timeline.", "facts."),
    *("link.ready", "link.busy", "link.reconnecting", "link.draining"),
    *("result.opening", "result.sending", "result.missing", "result.expired"),
    *("result.worker_busy", "result.no_worker", "result.worker_reconnecting", "result.draining"),
)
_FROM = re.compile(r'from "(\.[^"]+)"')


def modules_of(start: Path) -> set[Path]:
    found: set[Path] = set()
    left = [start]
    while left:
        module = left.pop()
        if module not in found and "vendor" not in module.parts:
            found.add(module)
            left += [(module.parent / name).resolve() for name in _FROM.findall(module.read_text())]
    return found


@pytest.mark.parametrize("name", PAGES)
def test_page_preloads_exactly_the_modules_that_it_needs_at_once(name: str) -> None:
    html = (PAGE / name).read_text()
    main = re.search(r'<script type="module" src="\./([^"]+)"', html)
    assert main is not None

    preloaded = {
        (PAGE / path).resolve() for path in re.findall(r'modulepreload" href="\./([^"]+)"', html)
    }

    assert preloaded == modules_of(PAGE / main[1]) - {PAGE / main[1]}


@pytest.mark.parametrize("name", PAGES)
def test_words_in_the_html_are_those_of_the_locale(name: str) -> None:
    html = (PAGE / name).read_text()
    texts = _english()

    marked = re.findall(r'data-text="([^"]+)"[^>]*>([^<]*)<', html)

    assert marked
    assert dict(marked) == {key: texts[key] for key, _ in marked}


def test_every_text_of_the_locale_is_used() -> None:
    sources = "".join(
        file.read_text() for file in [*PAGE.glob("scripts/*.js"), *PAGE.glob("*.html")]
    )

    unused = [key for key in _english() if f'"{key}"' not in sources and not key.startswith(BUILT)]

    assert unused == []


@pytest.mark.parametrize("name", PAGES)
def test_html_has_no_inline_script_or_style(name: str) -> None:
    html = (PAGE / name).read_text()

    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", html)


def _english() -> dict[str, str]:
    source = f"import en from {json.dumps((PAGE / 'locales/en.js').as_uri())};"
    script = f"{source} process.stdout.write(JSON.stringify(en));"
    command = ["node", "--input-type=module", "--eval", script]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    texts: dict[str, str] = json.loads(answer.stdout)
    return texts
