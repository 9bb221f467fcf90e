"""Asks PyPI and npm for known vulnerabilities of what is pinned.

A source that cannot be asked is said to be so and fails nothing, because a clean clone must be
checkable without it; ``--strict`` makes it a failure, for a release.
"""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from typing import Annotated, Any, Final

import typer
from rich.console import Console

from infra.project import PROJECT_FOLDER

_PATIENCE_SECONDS: Final = 90

console = Console(highlight=False, soft_wrap=True)


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What a source said.

    Attributes:
        checked: how many packages it knew.
        unchecked: what it said nothing of.
        vulnerabilities: one line each.
    """

    checked: int = 0
    unchecked: list[str] = field(default_factory=list)
    vulnerabilities: list[str] = field(default_factory=list)


def python_findings(output: str) -> Findings:
    """Read what ``pip-audit --format json`` wrote."""
    try:
        packages: list[dict[str, Any]] = json.loads(output)["dependencies"]
    except (ValueError, KeyError):
        return Findings(unchecked=["all"])
    return Findings(
        checked=sum("vulns" in package for package in packages),
        unchecked=[package["name"] for package in packages if "skip_reason" in package],
        vulnerabilities=[
            f"{package['name']} {package['version']}: {found['id']}, mended in "
            f"{', '.join(found['fix_versions']) or 'no version'}"
            for package in packages
            for found in package.get("vulns", [])
        ],
    )


def npm_findings(output: str) -> Findings:
    """Read what ``npm audit --json`` wrote."""
    try:
        answer: dict[str, Any] = json.loads(output)
        count = int(answer["metadata"]["dependencies"]["total"])
    except (ValueError, KeyError):
        return Findings(unchecked=["all"])
    return Findings(
        checked=count,
        vulnerabilities=[
            f"{name} {found['range']}: {found['severity']}"
            for name, found in answer.get("vulnerabilities", {}).items()
        ],
    )


def _run(*command: str) -> str:
    # Both say by their exit code what their output says better.
    try:
        done = subprocess.run(  # noqa: S603 - fixed words and the project's own paths
            command,
            cwd=PROJECT_FOLDER,
            capture_output=True,
            text=True,
            check=False,
            timeout=_PATIENCE_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout


def _audit_python(file: str) -> Findings:
    options = ("--require-hashes", "--disable-pip", "--progress-spinner", "off")
    return python_findings(
        _run(sys.executable, "-m", "pip_audit", "-r", file, *options, "--format", "json")
    )


def _audit_npm() -> Findings:
    npm = shutil.which("npm")
    return (
        Findings(unchecked=["npm"]) if npm is None else npm_findings(_run(npm, "audit", "--json"))
    )


def _tell(source: str, findings: Findings) -> None:
    for line in findings.vulnerabilities:
        console.print(f"[red]vulnerable[/]   {source}: {line}")
    if findings.checked:
        console.print(f"checked      {source}: {findings.checked} packages")
    if findings.unchecked:
        what = ", ".join(findings.unchecked[:3]) + (" …" if len(findings.unchecked) > 3 else "")  # noqa: PLR2004 - enough to go looking
        console.print(f"[yellow]NOT CHECKED[/]  {source}: {what} (no advisories from the source)")


def audit(
    *, strict: Annotated[bool, typer.Option(help="Fail if a source cannot be asked.")] = False
) -> None:
    """Audit the hashed requirement files and package-lock.json."""
    folder = PROJECT_FOLDER / "requirements"
    # dev.txt contains what the functions and the worker client need.
    files = ["dev.txt", *sorted(path.name for path in folder.glob("example-*.txt"))]
    results = {file: _audit_python(f"requirements/{file}") for file in files}
    results["package-lock.json"] = _audit_npm()
    for source, findings in results.items():
        _tell(source, findings)
    vulnerable = any(findings.vulnerabilities for findings in results.values())
    unchecked = any(findings.unchecked for findings in results.values())
    if vulnerable or (strict and unchecked):
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(audit)
