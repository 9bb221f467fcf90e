"""No module imports itself through others, not even lazily or for type checking only."""

import grimp
import pytest

PACKAGES = ("spaces", "spaces_protocol", "spaces_worker", "infra")


@pytest.mark.parametrize("package", PACKAGES)
def test_no_circle_of_imports(package):
    graph = grimp.build_graph(package, exclude_type_checking_imports=False)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}

    assert circles(imports) == []


@pytest.mark.parametrize(
    ("imports", "expected"),
    [
        ({"a": {"b"}, "b": {"c"}, "c": set()}, []),
        ({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}, [["a", "b", "c"]]),
    ],
)
def test_a_circle_is_found(imports, expected):
    assert circles(imports) == expected


def circles(imports):
    """Return the groups of modules that import one another, each in order."""
    found = {frozenset(_reached(imports, each) & _reaching(imports, each)) for each in imports}
    return sorted(sorted(group) for group in found if group)


def _reached(imports, start):
    seen, open_modules = set(), list(imports[start])
    while open_modules:
        module = open_modules.pop()
        if module not in seen:
            seen.add(module)
            open_modules += imports.get(module, ())
    return seen


def _reaching(imports, target):
    importers = {each: set() for each in imports}
    for module, imported in imports.items():
        for each in imported & imports.keys():
            importers[each].add(module)
    return _reached(importers, target)
