"""What the client made to speak, and what helps them to: the therapist's side."""
