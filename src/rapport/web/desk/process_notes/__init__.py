"""Notes for oneself."""
