"""What client and therapist agree to try out between sessions, and what comes of it."""
