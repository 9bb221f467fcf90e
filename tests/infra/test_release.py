"""What make release makes, apart from trying it, which takes a local cloud."""

import shutil
import subprocess
from pathlib import Path

import pytest

from infra.project import PROJECT_FOLDER
from infra.release import packages
from infra.release.__main__ import empty_folder
from infra.release.build import build
from infra.release.describe import write_checksums
from infra.release.environments import supported_pythons
from infra.release.packages import PACKAGES, ReleaseError, release_version

NAMING = [packages.CHANGELOG, *(each.version_file for each in PACKAGES)]
DESCRIBED = [each.folder / "pyproject.toml" for each in PACKAGES]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for file in [*NAMING, *DESCRIBED]:
        copy = tmp_path / file
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT_FOLDER / file, copy)
    return tmp_path


def test_all_files_name_the_same_version() -> None:
    assert release_version().count(".") == 2


@pytest.mark.parametrize("file", [*NAMING, *DESCRIBED], ids=str)
def test_a_file_that_was_forgotten_stops_the_release_and_is_named(
    project: Path, file: Path
) -> None:
    forgotten = project / file
    version = release_version()
    forgotten.write_text(forgotten.read_text("utf-8").replace(version, "0.9.9"), "utf-8")

    with pytest.raises(ReleaseError) as refused:
        release_version(project)

    assert f"{file}: 0.9.9" in str(refused.value)


def test_a_file_without_a_version_is_named(project: Path) -> None:
    (project / packages.CHANGELOG).write_text("# Changelog\n", "utf-8")

    with pytest.raises(ReleaseError, match=r"CHANGELOG\.md names no version"):
        release_version(project)


def test_it_is_tried_on_each_python_that_the_packages_name() -> None:
    assert supported_pythons() == ["3.11", "3.12", "3.13"]


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_the_same_commit_gives_the_same_bytes(package: packages.Package, tmp_path: Path) -> None:
    twice = []
    for name in ("once", "again"):
        folder = tmp_path / name
        folder.mkdir()
        twice.append({file.name: file.read_bytes() for file in build(package, folder)})

    assert len(twice[0]) == 2
    assert twice[0] == twice[1]


def test_checksums_are_read_by_the_usual_command(tmp_path: Path) -> None:
    for name in ("one.whl", "two.tar.gz"):
        (tmp_path / name).write_bytes(name.encode())

    sums = write_checksums(sorted(tmp_path.iterdir()), tmp_path)
    check = ["sha256sum", "--check", "--strict", sums.name]

    assert subprocess.run(check, cwd=tmp_path, check=False).returncode == 0
    (tmp_path / "one.whl").write_bytes(b"changed")
    assert subprocess.run(check, cwd=tmp_path, check=False).returncode == 1


def test_an_earlier_release_gives_way_and_other_files_do_not(tmp_path: Path) -> None:
    earlier, other = tmp_path / "earlier", tmp_path / "other"
    for folder in (earlier, other):
        folder.mkdir()
        (folder / "spaces.whl").touch()
    write_checksums([], earlier)

    empty_folder(earlier)

    assert list(earlier.iterdir()) == []
    with pytest.raises(ReleaseError, match="holds other files"):
        empty_folder(other)
    assert (other / "spaces.whl").exists()
