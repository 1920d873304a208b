"""What a client tries out between sessions: the closed words and the one number."""
