"""Administration of a deployed gateway from a terminal: ``python -m infra.admin``."""
