"""The layers of the page's scripts: which folder may import which, and no circles."""

import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

SCRIPTS = Path(__file__).parents[2] / "web_static" / "scripts"
# From top to bottom: a module imports from its own folder and from those below it.
# Folders on one line are siblings, which do not import each other.
LAYERS = (
    ("admin",),
    (
        "admin/overview",
        "admin/connect",
        "admin/spaces",
        "admin/access",
        "admin/people",
        "admin/requests",
        "admin/workers",
        "admin/activity",
        "admin/audit",
    ),
    ("admin/ui",),
    ("admin/lib",),
    (".",),  # the entry scripts of the other pages
    ("space", "reference"),
    ("chat",),
    ("history",),
    ("result",),
    ("form",),
    ("files",),
    ("describe",),
    ("site",),
    ("request",),
    ("api",),
    ("session",),
    ("lib",),
)
RANKS = {folder: rank for rank, folders in enumerate(LAYERS) for folder in folders}
WITHOUT_ELEMENTS = {"describe", "request", "api", "session"}
MOST_FILES = 30
# Static imports, re-exports and lazy imports.
_IMPORT = re.compile(r'(?:\bfrom|^import|\bimport\()\s*["`](\.[^"`]+)["`]', re.MULTILINE)


def modules() -> list[Path]:
    return sorted(SCRIPTS.rglob("*.js"))


def imports_of(module: Path) -> Iterator[Path]:
    """The project's own modules that a module imports, now or lazily."""
    for name in _IMPORT.findall(module.read_text("utf-8")):
        target = (module.parent / name).resolve()
        if target.is_relative_to(SCRIPTS):
            yield target


def folder_of(module: Path) -> str:
    return module.parent.relative_to(SCRIPTS).as_posix()


def named(module: Path) -> str:
    return module.relative_to(SCRIPTS).as_posix()


def test_every_folder_has_its_layer():
    assert {folder_of(module) for module in modules()} == set(RANKS)


def test_every_import_names_a_module_that_exists():
    missing = [
        f"{named(module)} imports {target}"
        for module in modules()
        for target in imports_of(module)
        if not target.is_file()
    ]

    assert missing == []


def test_a_module_imports_only_from_its_own_folder_and_from_lower_layers():
    wrong = [
        f"{named(module)} imports {named(target)}"
        for module in modules()
        for target in imports_of(module)
        if folder_of(module) != folder_of(target)
        and RANKS[folder_of(module)] >= RANKS[folder_of(target)]
    ]

    assert wrong == []


def test_no_module_imports_itself_through_others():
    graph = {
        named(module): [named(target) for target in imports_of(module)] for module in modules()
    }

    try:
        TopologicalSorter(graph).prepare()
        circle = []
    except CycleError as error:
        circle = error.args[1]

    assert circle == []


def test_layers_below_the_page_build_no_elements():
    wrong = [
        named(module)
        for module in modules()
        if folder_of(module) in WITHOUT_ELEMENTS
        and SCRIPTS / "lib" / "dom.js" in set(imports_of(module))
    ]

    assert wrong == []


def test_no_folder_has_too_many_files():
    counts = {folder: len(list((SCRIPTS / folder).glob("*.js"))) for folder in RANKS}

    assert {folder: count for folder, count in counts.items() if count > MOST_FILES} == {}
