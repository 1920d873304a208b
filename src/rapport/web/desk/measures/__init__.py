"""Forms and scores as the therapist works with them."""
