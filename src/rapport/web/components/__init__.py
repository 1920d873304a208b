"""Shared atoms, tokens, icons and the trend picture."""
