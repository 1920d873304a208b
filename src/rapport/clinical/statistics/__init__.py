"""Statistics that know nothing of therapy."""
