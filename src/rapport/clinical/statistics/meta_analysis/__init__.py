"""Putting the results of several studies, or of several practices, together."""
