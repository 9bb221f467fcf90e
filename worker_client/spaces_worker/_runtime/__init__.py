"""Threads, signals and the watchdog of the event loop."""
