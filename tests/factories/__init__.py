"""Invented people for tests, made the way the practice makes them."""
