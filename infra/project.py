"""Paths of the project."""

from pathlib import Path
from typing import Final

PROJECT_FOLDER: Final = Path(__file__).resolve().parent.parent
BUILD_FOLDER: Final = PROJECT_FOLDER / ".build"
