"""Invented people for tests."""
