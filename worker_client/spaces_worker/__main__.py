"""Runs the command ``spaces-worker`` as ``python -m spaces_worker``."""

from spaces_worker.cli import app

app(prog_name="spaces-worker")
