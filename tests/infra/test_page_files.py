import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from infra.page import _VENDOR as LIBRARIES
from infra.page import build_page, cache_control, content_type, static_imports, versioned_files
from infra.project import PROJECT_FOLDER

NODE = Path(sys.executable).with_name("node")


def test_the_page_brings_its_libraries_as_modules() -> None:
    vendor = versioned_files(build_page()) / "vendor"

    assert "export" in (vendor / "marked.js").read_text("utf-8")
    assert "export" in (vendor / "purify.js").read_text("utf-8")


def test_pages_name_files_of_their_own_version_that_are_there() -> None:
    folder = build_page()

    for page in folder.glob("*.html"):
        named = re.findall(r'(?:href|src)="\./([^"?]+\.(?:js|css|svg))"', page.read_text("utf-8"))
        assert len(named) > 5, page
        assert {name.partition("/")[0] for name in named} == {folder.name}
        assert [name for name in named if not (folder / name).is_file()] == []


def test_all_but_html_is_in_the_folder_of_the_version() -> None:
    folder = build_page()

    unversioned = {file.name for file in folder.iterdir() if file.is_file()}

    assert {Path(name).suffix for name in unversioned} == {".html"}
    assert "index.html" in unversioned


@pytest.mark.parametrize(
    "changed",
    [
        "web_static/styles/base.css",
        "web_static/locales/en/files.js",
        "web_static/fragments/site_header.html",
        "node_modules/marked/lib/marked.esm.js",
        "infra/page.py",
    ],
)
def test_the_folder_of_the_version_is_another_when_a_file_is(
    changed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, project = build_page().name, tmp_path / "project"
    for folder in ("web_static", "infra"):
        shutil.copytree(PROJECT_FOLDER / folder, project / folder)
    for library in LIBRARIES.values():
        target = project / "node_modules" / library
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT_FOLDER / "node_modules" / library, target)
    shutil.copy(PROJECT_FOLDER / "package-lock.json", project)
    with (project / changed).open("a") as file:
        file.write("\n")
    monkeypatch.setattr("infra.page.PROJECT_FOLDER", project)
    monkeypatch.setattr("infra.page.BUILD_FOLDER", tmp_path / "build")
    monkeypatch.setattr("infra.page._OWN_FILES", project / "web_static")
    monkeypatch.setattr("infra.page._FRAGMENTS", project / "web_static" / "fragments")
    monkeypatch.setattr("infra.page.__file__", str(project / "infra" / "page.py"))

    assert build_page().name != before


def test_pages_include_all_fragments_and_ship_none() -> None:
    folder, own = build_page(), PROJECT_FOLDER / "web_static"
    files = [*own.glob("*.html"), *own.glob("fragments/*")]
    sources = "".join(file.read_text("utf-8") for file in files)

    included = set(re.findall(r"<!-- include (\S+) -->", sources))

    assert included == {fragment.name for fragment in (own / "fragments").glob("*")}
    assert [page for page in folder.glob("*.html") if "<!--" in page.read_text("utf-8")] == []
    assert list(folder.rglob("fragments")) == []


def test_static_imports_are_all_modules_that_load_before_the_entry_runs(tmp_path: Path) -> None:
    modules = {
        "entry.js": 'import { a } from "./lib/a.js";\nimport "./lib/e.js";\nimport("./lazy.js");\n',
        "lib/a.js": 'import {\n  b,\n} from "./b.js";\nexport const a = "b";\n',
        "lib/b.js": 'export { c } from "../c.js";\n// import("./d.js") is lazy\n',
        "lib/e.js": "",
        "c.js": 'import { a } from "./lib/a.js";\nconst later = () => import("./lazy.js");\n',
        "lazy.js": 'import { e } from "./lib/e.js";\n',
    }
    (tmp_path / "lib").mkdir()
    for name, source in modules.items():
        (tmp_path / name).write_text(source, "utf-8")

    found = static_imports(tmp_path / "entry.js")

    names = [module.relative_to(tmp_path).as_posix() for module in found]
    assert names == ["c.js", "lib/a.js", "lib/b.js", "lib/e.js"]


def test_a_browser_finds_every_import_of_the_libraries_by_its_address() -> None:
    vendor = versioned_files(build_page()) / "vendor"

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


def test_what_keeps_its_name_is_never_taken_from_the_cache_unasked() -> None:
    assert cache_control(Path("index.html")) == "no-cache"
    assert cache_control(Path("config.json")) == "no-cache"
    assert cache_control(Path("app.js")) == "public, max-age=31536000, immutable"


_SAME_TOKENS = """
    import { readFileSync } from "node:fs";
    import { tokenize } from "espree";
    const [built, own, ...names] = process.argv.slice(1);
    const tokens = (folder, name) => {
      const source = readFileSync(`${folder}/${name}`, "utf8");
      const all = tokenize(source, { ecmaVersion: 2025, sourceType: "module" });
      return JSON.stringify(all.map(({ type, value }) => [type, value]));
    };
    console.log(names.filter((name) => tokens(built, name) !== tokens(own, name)).join());
"""


def test_scripts_lose_their_comments_and_nothing_else() -> None:
    own, built = PROJECT_FOLDER / "web_static", versioned_files(build_page())
    names = [
        file.relative_to(own).as_posix()
        for folder in ("scripts", "locales")
        for file in (own / folder).rglob("*.js")
    ]
    command = [
        str(NODE),
        "--input-type=module",
        "--eval",
        _SAME_TOKENS,
        str(built),
        str(own),
        *names,
    ]

    run = subprocess.run(command, cwd=PROJECT_FOLDER, capture_output=True, text=True, check=False)

    assert len(names) > 100
    assert (run.stdout.strip(), run.stderr) == ("", "")
    comments = [name for name in names if "\n/**" in (built / name).read_text("utf-8")]
    assert comments == []
