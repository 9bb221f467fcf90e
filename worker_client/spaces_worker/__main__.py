"""``python -m spaces_worker`` is the command ``spaces-worker``."""

from spaces_worker.cli import app

app(prog_name="spaces-worker")
