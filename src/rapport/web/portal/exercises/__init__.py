"""What I try out between our sessions."""
