"""Top floor: shows."""
