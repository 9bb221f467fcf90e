import re
from pathlib import Path

from infra.page import build_page, cache_control, content_type


def test_the_page_brings_its_libraries_as_modules() -> None:
    folder = build_page()

    assert "export" in (folder / "vendor" / "marked.js").read_text("utf-8")
    assert "export" in (folder / "vendor" / "purify.js").read_text("utf-8")
    assert (folder / "index.html").is_file()


def test_a_browser_finds_every_import_of_the_libraries_by_its_address() -> None:
    vendor = build_page() / "vendor"

    imported = [
        name
        for file in vendor.glob("*.js")
        for name in re.findall(r'^import .* from "([^"]+)"', file.read_text("utf-8"), re.MULTILINE)
    ]

    assert imported == ["./jwt-decode.js"]
    assert (vendor / "jwt-decode.js").is_file()


def test_no_file_names_a_source_map_that_is_not_shipped() -> None:
    for file in build_page().rglob("*.js"):
        assert "sourceMappingURL" not in file.read_text("utf-8")


def test_every_file_has_a_type_that_browsers_accept() -> None:
    for file in build_page().rglob("*.*"):
        assert content_type(file) != "application/octet-stream", file


def test_modules_are_served_as_javascript_in_utf8() -> None:
    assert content_type(Path("app.js")) == "text/javascript; charset=utf-8"


def test_only_html_is_never_taken_from_the_cache_unasked() -> None:
    assert cache_control(Path("index.html")) == "no-cache"
    assert cache_control(Path("app.js")) == "public, max-age=60"
