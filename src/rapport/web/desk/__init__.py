"""The therapist's room."""
