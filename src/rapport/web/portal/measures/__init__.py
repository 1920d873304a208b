"""Answering forms, one question at a time."""
