"""The texts of the page, in every language."""

import json
import subprocess

from infra.page import build_page, versioned_files

PAGE = build_page()
FILES = versioned_files(PAGE)
Text = str | dict[str, str]


def texts_of(language: str, area: str = "*") -> dict[str, Text]:
    """All texts of a language, or of one area of the page."""
    files = sorted((FILES / "locales" / language).glob(f"{area}.js"))
    assert files, area
    names = [f"area{index}" for index in range(len(files))]
    imports = [
        f"import {name} from {json.dumps(file.as_uri())};"
        for name, file in zip(names, files, strict=True)
    ]
    merge = f"process.stdout.write(JSON.stringify(Object.assign({{}}, {', '.join(names)})));"
    command = ["node", "--input-type=module", "--eval", "".join([*imports, merge])]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    texts: dict[str, Text] = json.loads(answer.stdout)
    return texts
