"""Rapport: clinical knows, practice remembers, web shows."""
