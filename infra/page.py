"""Collects the page's files: the project's own, and the pinned libraries it imports.

Everything except the HTML goes into a folder named after its contents, so browsers can cache it
indefinitely, and a tab that was open before a deploy keeps using the files it started with. The
HTML gets its fragments and a list of the modules that the browser should preload; scripts lose
their comments.
"""

import hashlib
import mimetypes
import os
import re
import shutil
from pathlib import Path
from types import MappingProxyType
from typing import Final

from infra.build import build_once, digest_of_files
from infra.project import BUILD_FOLDER, PROJECT_FOLDER

UNVERSIONED_CACHE_CONTROL: Final = "no-cache"
VERSIONED_CACHE_CONTROL: Final = "public, max-age=31536000, immutable"
CONFIG_FILE: Final = "config.json"
"""What the page must be told of the stack that it belongs to; written at deploy."""

_OWN_FILES: Final = PROJECT_FOLDER / "web_static"
_FRAGMENTS: Final = _OWN_FILES / "fragments"
_VERSIONED: Final = ("favicon.svg", "locales", "scripts", "styles")
_ADDRESS: Final = re.compile(r'((?:href|src)="\./)(?=(?:favicon|locales|scripts|styles|vendor)\b)')
_INCLUDE: Final = re.compile(r"^( *)<!-- include (\w+\.html) -->\n", re.MULTILINE)
_ENTRY_SCRIPT: Final = re.compile(
    r'^( *)<script type="module" src="\./(scripts/[^"]+)"></script>\n', re.MULTILINE
)
# `import … from "./x.js"` and `export … from "./x.js"`, but not the lazy `import("./x.js")`.
_STATIC_IMPORT: Final = re.compile(r'^(?:import|export|\}) ?[^"();]*"(\.[^"]+)";', re.MULTILINE)
# Comments that have lines of their own: a quarter of what a browser would load of the own scripts.
_COMMENT_LINES: Final = re.compile(r"^[ \t]*(?://.*|/\*(?:[^*]|\*(?!/))*\*/[ \t]*)\n", re.MULTILINE)
_VENDOR: Final = MappingProxyType(
    {
        "vendor/marked.js": "marked/lib/marked.esm.js",
        "vendor/purify.js": "dompurify/dist/purify.es.mjs",
        "vendor/oidc-client-ts.js": "oidc-client-ts/dist/esm/oidc-client-ts.js",
        "vendor/jwt-decode.js": "jwt-decode/build/esm/index.js",
        "vendor/eventsource-parser.js": "eventsource-parser/dist/parse.js",
        "vendor/eventsource-parser-errors.js": "eventsource-parser/dist/errors.js",
        "vendor/qrcode-generator.js": "qrcode-generator/dist/qrcode.mjs",
        "vendor/uplot.js": "uplot/dist/uPlot.esm.js",
        "vendor/uplot.css": "uplot/dist/uPlot.min.css",
        "vendor/highlight.js": "@highlightjs/cdn-assets/es/highlight.min.js",
        "vendor/temml.js": "temml/dist/temml.min.js",
    }
)
# Without a build step, a browser finds one library from another only by its address.
_IMPORTS: Final = MappingProxyType(
    {
        'from "jwt-decode"': 'from "./jwt-decode.js"',
        "from './errors.js'": "from './eventsource-parser-errors.js'",
    }
)
# A library that is only shipped as a classic script.
_EXPORTS: Final = MappingProxyType({"temml.js": "\nexport default temml;\n"})
_CONTENT_TYPES: Final = MappingProxyType(
    {
        ".html": "text/html; charset=utf-8",
        ".css": "text/css; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".json": "application/json",
        ".svg": "image/svg+xml",
        ".webmanifest": "application/manifest+json",
    }
)


def build_page() -> Path:
    """Collect the page's files in a folder, named for its contents, and return it."""
    own = digest_of_files(_OWN_FILES, "*")
    # The libraries themselves, because a lock file can be newer than what is installed.
    libraries = (_libraries() / source for source in _VENDOR.values())
    others = (*libraries, Path(__file__))
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in others)).hexdigest()
    return build_once(BUILD_FOLDER / "page" / f"{own}-{digest[:8]}", _assemble)


def versioned_files(page: Path) -> Path:
    """Return the folder with all of a collected page but its HTML."""
    return page / page.name


def _assemble(folder: Path) -> None:
    versioned = versioned_files(folder)
    (versioned / "vendor").mkdir(parents=True)
    for name in _VERSIONED:
        _copy(_OWN_FILES / name, versioned / name)
    for script in versioned.rglob("*.js"):
        script.write_text(_COMMENT_LINES.sub("", script.read_text("utf-8")), "utf-8")
    for target, source in _VENDOR.items():
        _copy_library(_libraries() / source, versioned / target)
    for page in _OWN_FILES.glob("*.html"):
        text = _with_preloads(_with_fragments(page.read_text("utf-8")), versioned)
        text = _ADDRESS.sub(rf"\g<1>{folder.name}/", text)
        (folder / page.name).write_text(text, "utf-8")


def _with_fragments(html: str) -> str:
    def include(match: re.Match[str]) -> str:
        indent, name = match.groups()
        fragment = _with_fragments((_FRAGMENTS / name).read_text("utf-8"))
        return "".join(indent + line for line in fragment.splitlines(keepends=True))

    return _INCLUDE.sub(include, html)


def _with_preloads(html: str, versioned: Path) -> str:
    def preload(match: re.Match[str]) -> str:
        indent, entry = match.groups()
        modules = [
            module.relative_to(versioned).as_posix() for module in static_imports(versioned / entry)
        ]
        lines = [f'{indent}<link rel="modulepreload" href="./{name}">\n' for name in modules]
        return "".join([match[0], *lines])

    return _ENTRY_SCRIPT.sub(preload, html)


def static_imports(entry: Path) -> list[Path]:
    """Return the modules that load before an entry script runs: all it imports, directly or not."""
    found = {entry}
    left = [entry]
    while left:
        module = left.pop()
        names = _STATIC_IMPORT.findall(module.read_text("utf-8"))
        new = {Path(os.path.normpath(module.parent / name)) for name in names} - found
        found |= new
        left += new
    return sorted(found - {entry})


def _libraries() -> Path:
    return PROJECT_FOLDER / "node_modules"


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns(".*"))
    else:
        shutil.copy(source, target)


def _copy_library(source: Path, target: Path) -> None:
    lines = source.read_text(encoding="utf-8").splitlines(keepends=True)
    # The source map is not shipped; naming it would only make browsers ask for it.
    text = "".join(line for line in lines if not line.startswith("//# source"))
    for named, addressed in _IMPORTS.items():
        text = text.replace(named, addressed)
    target.write_text(text + _EXPORTS.get(target.name, ""), "utf-8")


def content_type(file: Path) -> str:
    """Return the media type of a file by its ending."""
    guess = mimetypes.guess_type(file.name)[0]
    return _CONTENT_TYPES.get(file.suffix, guess or "application/octet-stream")


def cache_control(file: Path) -> str:
    """Return how long a browser may keep a file."""
    unversioned = file.suffix == ".html" or file.name == CONFIG_FILE
    return UNVERSIONED_CACHE_CONTROL if unversioned else VERSIONED_CACHE_CONTROL
