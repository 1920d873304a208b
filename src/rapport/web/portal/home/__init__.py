"""What a client sees first."""
