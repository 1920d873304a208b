"""Keeping what is typed at the desk."""
