"""``python -m spaces_client`` is the command ``spaces``."""

from spaces_client._commands.program import app

app(prog_name="spaces")
