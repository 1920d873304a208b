"""Saying whether one is coming, by the link in a message."""
