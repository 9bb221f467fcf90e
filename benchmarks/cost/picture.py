"""Draws the figures of a run as the terminal shows them: an SVG for the documents."""

import json
import re
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.text import Text

from infra.activity.activity import Activity
from infra.admin.activity_command import tables

_FONTS = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)


def draw(figures: Path, picture: Path) -> None:
    """Write what `infra.admin activity` prints for these figures.

    Args:
        figures: what it prints with ``--json``.
        picture: the SVG.
    """
    found = Activity(**json.loads(figures.read_text("utf-8")))
    console = Console(record=True, width=92, highlight=False, file=StringIO())
    console.print(Text("$ python -m infra.admin activity --stage local", style="dim"))
    console.print()
    for table in tables(found):
        console.print(table)
        console.print()
    # Without fonts from elsewhere: a document must not call anybody.
    svg = _FONTS.sub(
        "", console.export_svg(title=f"{found.accepted:,} requests on the local cloud")
    )
    picture.write_text(svg, encoding="utf-8")
