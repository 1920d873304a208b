"""Rapport: clinical knows, practice remembers, web shows."""

__version__ = "0.1.0"
