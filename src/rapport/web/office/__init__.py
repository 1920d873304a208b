"""The practice manager's room."""
