"""Settings for a practice and for tests."""
