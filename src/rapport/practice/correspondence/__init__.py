"""Secure messages and letters: what client and therapist write to each other, and about the client to others."""
