"""What lies in the state folder, seen from outside: kept answers, and whether it can be used."""

import os
from pathlib import Path

from spaces_worker._doctor.checks import Finding, Health
from spaces_worker._settings import Settings
from spaces_worker._storage.result_store import results_folder


def kept_results(folder: Path) -> int:
    """Return how many answers lie in the folder of one worker."""
    return sum(1 for path in folder.glob("*.json")) if folder.is_dir() else 0


def folder_finding(settings: Settings) -> Finding:
    """Return whether answers can be kept, and how many are."""
    place = _nearest(settings.state_dir)
    if not os.access(place, os.W_OK | os.X_OK):
        advice = "Answers live in memory only; give a --state-dir that this user can write to."
        text = f"{settings.state_dir} cannot be written to."
        return Finding("state folder", Health.WARNING, text, advice)
    kept = kept_results(results_folder(settings.state_dir, settings.url, settings.worker_id))
    waiting = f"{kept} answers wait for the gateway" if kept else "no answers wait"
    return Finding("state folder", Health.WELL, f"{settings.state_dir}, {waiting}")


def _nearest(folder: Path) -> Path:
    return next(place for place in (folder, *folder.parents) if place.exists())
