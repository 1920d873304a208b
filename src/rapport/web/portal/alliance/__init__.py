"""After the hour, in the client's own hands."""
