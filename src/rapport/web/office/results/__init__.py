"""The service report."""
