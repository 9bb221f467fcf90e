"""The files of the built page are consistent with each other."""

import re
from pathlib import Path

import pytest

from tests.browser.support.page_texts import FILES, PAGE, Text, texts_of

PAGES = (
    *("index.html", "space.html", "admin.html", "signed-in.html", "result.html", "embed.html"),
    "reference.html",
)
# Keys whose last word comes from the gateway or from a state of the page.
BUILT = (
    *("state.", "space.feature.", "refused.", "timeline.", "metadata."),
    *("connection.ready", "connection.busy", "connection.reconnecting", "connection.draining"),
    *(
        "about.",
        "connection.at_",
        "form.closed_",
        "site.key.",
        "connection.paused",
        "result.paused",
    ),
    *("result.opening", "result.sending", "result.missing", "result.expired", "result.deleted"),
    *(
        "result.paused",
        "share.",
        "history.state.",
        "files.kinds.",
        "files.previous",
        "files.next",
        "files.up",
        "files.down",
        "files.zoom",
        "files.close",
    ),
    *("admin.tab.", "admin.field.", "admin.hint.", "admin.group.", "admin.unit.", "admin.problem."),
    *("admin.feature.", "admin.visibility.", "admin.when_offline.", "admin.conflict."),
    *("admin.trouble.", "admin.state.", "admin.error.", "admin.worker.", "admin.requests."),
    *("admin.purge.", "admin.activity.", "admin.plot.", "admin.token.", "admin.key."),
    *("admin.space_tab.", "admin.template.", "admin.connect."),
    *("admin.overview.", "admin.attention.", "admin.people.", "admin.drawer.", "admin.examples."),
    *("admin.credential.", "admin.secret.", "admin.did.", "admin.audit."),
    *("chat.temperature", "chat.top_p", "chat.max_tokens", "chat.wrong_"),
    *("reference.group.", "reference.in.", "reference.caller."),
    *("result.worker_busy", "result.no_worker", "result.worker_reconnecting", "result.draining"),
)
LANGUAGES = ("zh",)
_FROM = re.compile(r'from "(\.[^"]+)"')
_LATER = re.compile(r'import\("(\.[^"]+)"\)')
_AREA_LATER = re.compile(r'loadTexts\("(\w+)"\)')
_TEXT = re.compile(r'"([a-z_]+\.[a-z_.]+)"')


def modules_of(start: Path, *, with_later: bool = False) -> set[Path]:
    """The module and all that it imports; also those that it loads only when needed."""
    found: set[Path] = set()
    left = [start]
    while left:
        module = left.pop()
        if module not in found and "vendor" not in module.parts:
            found.add(module)
            source = module.read_text()
            names = _FROM.findall(source) + (_LATER.findall(source) if with_later else [])
            left += [(module.parent / name).resolve() for name in names]
    return found


@pytest.mark.parametrize("name", PAGES)
def test_page_preloads_exactly_the_modules_that_it_needs_at_once(name: str) -> None:
    html = (PAGE / name).read_text()
    main = re.search(r'<script type="module" src="\./([^"]+)"', html)
    assert main is not None

    preloaded = [PAGE / path for path in re.findall(r'modulepreload" href="\./([^"]+)"', html)]

    assert len(preloaded) == len(set(preloaded))
    assert set(preloaded) == modules_of(PAGE / main[1]) - {PAGE / main[1]}


@pytest.mark.parametrize("name", PAGES)
def test_words_in_the_html_are_those_of_the_locale(name: str) -> None:
    html = (PAGE / name).read_text()
    texts = texts_of("en")

    marked = re.findall(r'data-text="([^"]+)"[^>]*>([^<]*)<', html)

    assert marked
    assert dict(marked) == {key: texts[key] for key, _ in marked}


@pytest.mark.parametrize("name", PAGES)
def test_page_names_the_areas_of_all_texts_that_it_needs(name: str) -> None:
    html = (PAGE / name).read_text()
    main = re.search(r'<script type="module" src="\./([^"]+)"', html)
    named = re.search(r'data-texts="([^"]+)"', html)
    assert main is not None
    assert named is not None
    sources = [file.read_text() for file in modules_of(PAGE / main[1], with_later=True)]

    needed = {key for source in [html, *sources] for key in _TEXT.findall(source)}

    areas = {
        *named[1].split(),
        *(area for source in sources for area in _AREA_LATER.findall(source)),
    }
    known = {key for area in areas for key in texts_of("en", area)}
    assert needed & set(texts_of("en")) - known == set()


def test_every_text_of_the_locale_is_used_and_no_other() -> None:
    sources = "".join(
        file.read_text() for file in [*FILES.glob("scripts/**/*.js"), *PAGE.glob("*.html")]
    )
    texts = texts_of("en")

    asked = set(re.findall(r'\bt\(\s*"([^"]+)"', sources))

    assert [key for key in texts if f'"{key}"' not in sources and not key.startswith(BUILT)] == []
    assert asked - set(texts) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_languages_have_the_same_texts_with_the_same_values(language: str) -> None:
    english, other = texts_of("en"), texts_of(language)

    assert set(other) == set(english)
    for key, text in other.items():
        assert _values(text) == _values(english[key]), key
        assert text, key


@pytest.mark.parametrize("name", PAGES)
def test_html_has_no_inline_script_or_style(name: str) -> None:
    html = (PAGE / name).read_text()

    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", html)


def _values(text: Text) -> set[str]:
    forms = text.values() if isinstance(text, dict) else [text]
    return {value for form in forms for value in re.findall(r"\{(\w+)\}", form)}


def test_no_script_names_a_file_of_its_version_as_seen_from_the_page() -> None:
    by_page = re.compile(r'["`]\./(favicon|locales|scripts|styles|vendor)\b')

    assert [
        file for file in FILES.glob("scripts/**/*.js") if by_page.search(file.read_text())
    ] == []
