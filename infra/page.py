"""Collects the page's files: the project's own, and the pinned libraries it imports."""

import hashlib
import mimetypes
import shutil
from pathlib import Path
from types import MappingProxyType
from typing import Final

from infra.build import build_once, digest_of_files
from infra.project import BUILD_FOLDER, PROJECT_FOLDER

HTML_CACHE_CONTROL: Final = "no-cache"
OTHER_CACHE_CONTROL: Final = "public, max-age=60"
CONFIG_FILE: Final = "config.json"
"""What the page must be told of the stack that it belongs to; written at deploy."""

_OWN_FILES: Final = PROJECT_FOLDER / "web_static"
_VENDOR: Final = MappingProxyType(
    {
        "vendor/marked.js": "marked/lib/marked.esm.js",
        "vendor/purify.js": "dompurify/dist/purify.es.mjs",
        "vendor/oidc-client-ts.js": "oidc-client-ts/dist/esm/oidc-client-ts.js",
        "vendor/jwt-decode.js": "jwt-decode/build/esm/index.js",
        "vendor/uplot.js": "uplot/dist/uPlot.esm.js",
        "vendor/uplot.css": "uplot/dist/uPlot.min.css",
    }
)
# Without a build step, a browser finds one library from another only by its address.
_IMPORTS: Final = MappingProxyType({'from "jwt-decode"': 'from "./jwt-decode.js"'})
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
    libraries = hashlib.sha256((PROJECT_FOLDER / "package-lock.json").read_bytes()).hexdigest()
    return build_once(BUILD_FOLDER / "page" / f"{own}-{libraries[:8]}", _assemble)


def _assemble(folder: Path) -> None:
    shutil.copytree(_OWN_FILES, folder, ignore=shutil.ignore_patterns("vendor", "*.md", ".*"))
    (folder / "vendor").mkdir()
    for target, source in _VENDOR.items():
        _copy_library(PROJECT_FOLDER / "node_modules" / source, folder / target)


def _copy_library(source: Path, target: Path) -> None:
    lines = source.read_text(encoding="utf-8").splitlines(keepends=True)
    # The source map is not shipped; naming it would only make browsers ask for it.
    text = "".join(line for line in lines if not line.startswith("//# source"))
    for named, addressed in _IMPORTS.items():
        text = text.replace(named, addressed)
    target.write_text(text, "utf-8")


def content_type(file: Path) -> str:
    """Return the media type of a file by its ending."""
    guess = mimetypes.guess_type(file.name)[0]
    return _CONTENT_TYPES.get(file.suffix, guess or "application/octet-stream")


def cache_control(file: Path) -> str:
    """Return how long a browser may keep a file."""
    return HTML_CACHE_CONTROL if file.suffix == ".html" else OTHER_CACHE_CONTROL
