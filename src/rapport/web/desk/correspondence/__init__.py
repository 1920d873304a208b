"""Messages and letters on the therapist's desk."""
