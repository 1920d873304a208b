"""First floor: remembers."""
