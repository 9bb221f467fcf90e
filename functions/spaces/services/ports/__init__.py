"""Protocols for everything that services need from outside."""
