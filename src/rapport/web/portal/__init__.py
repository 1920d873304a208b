"""The client's room."""
