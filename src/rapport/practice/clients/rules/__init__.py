"""What holds for clients: their words, who sees them, how they may be reached, what they agreed to."""
