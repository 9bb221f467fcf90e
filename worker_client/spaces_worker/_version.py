"""Version of the worker client; the same as in pyproject.toml."""

from typing import Final

__version__: Final = "0.1.0"
AGENT: Final = f"spaces-worker/{__version__}"
"""How the client names itself to the gateway."""
