"""What a client sees of their hours."""
