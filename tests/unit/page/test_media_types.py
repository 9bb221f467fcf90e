"""Page and gateway know the same names of media types, and accept the same files."""

import itertools
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from infra.project import PROJECT_FOLDER
from spaces.domain.files.media_types import MISNOMERS, OTHER_NAMES, is_accepted

NODE = Path(sys.executable).with_name("node")
_ASK = """
    import { OTHER_NAMES, MISNOMERS, isAccepted } from "./web_static/scripts/files/media_types.js";
    const pairs = JSON.parse(process.argv[1]);
    const accepted = pairs.map(([type, pattern]) => isAccepted(type, [pattern]));
    console.log(JSON.stringify({ names: OTHER_NAMES, misnomers: MISNOMERS, accepted }));
"""
KINDS = ["*/*", "audio/*", "video/*", "image/*", "text/*", "application/*"]


def ask_the_page(pairs: list[tuple[str, str]]) -> Any:
    command = [str(NODE), "--input-type=module", "--eval", _ASK, json.dumps(pairs)]
    run = subprocess.run(command, cwd=PROJECT_FOLDER, capture_output=True, text=True, check=True)
    return json.loads(run.stdout)


def test_page_and_gateway_accept_the_same_types() -> None:
    groups = [[name, *others] for name, others in OTHER_NAMES.items()]
    types = [*itertools.chain.from_iterable(groups), *MISNOMERS, *MISNOMERS.values(), "x/y"]
    own = [(each, pattern) for group in groups for each in group for pattern in group]
    misnamed = [(each, name) for pair in MISNOMERS.items() for each in pair for name in pair]
    pairs = [*itertools.product(types, KINDS), *own, *misnamed, *itertools.pairwise(types)]

    page = ask_the_page(pairs)

    assert page["names"] == {name: list(others) for name, others in OTHER_NAMES.items()}
    assert page["misnomers"] == dict(MISNOMERS)
    assert page["accepted"] == [is_accepted(each, [pattern]) for each, pattern in pairs]
    assert True in page["accepted"]
    assert False in page["accepted"]
