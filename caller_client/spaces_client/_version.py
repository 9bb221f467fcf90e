"""Version of the client; must equal the one in pyproject.toml."""

from typing import Final

__version__: Final = "1.0.0"
AGENT: Final = f"spaces-client/{__version__}"
"""User agent that the client sends to the gateway."""
