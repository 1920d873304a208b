"""Today, the diary, the session room and its notes."""
