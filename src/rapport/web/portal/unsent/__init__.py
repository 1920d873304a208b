"""Keeping what is typed in the portal."""
