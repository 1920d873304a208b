"""Making it easier to speak: what a client may choose, and what a therapist may offer. Nothing here is scored."""
