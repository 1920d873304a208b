"""Where a client finds ways to speak."""
