"""The processes that run the tests."""

import subprocess
import sys

from tests.__main__ import compiling_once


def test_what_is_compiled_is_saved_beside_no_source(tmp_path):
    (tmp_path / "module.py").write_text("")
    saved = tmp_path / "saved"
    given = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPYCACHEPREFIX": str(saved)}

    subprocess.run(
        [sys.executable, "-c", "import module"],
        env=compiling_once(given),
        cwd=tmp_path,
        check=True,
    )

    assert [each.name.partition(".")[0] for each in saved.rglob("module*")] == ["module"]
    assert not (tmp_path / "__pycache__").exists()


def test_compiled_files_are_saved_with_what_was_built_unless_a_place_is_named():
    assert compiling_once({})["PYTHONPYCACHEPREFIX"].endswith(".build/bytecode")
    assert compiling_once({"A": "1"})["A"] == "1"
