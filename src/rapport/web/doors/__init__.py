"""What stands between a request and a room: who is it, may they enter, and what they hear if not."""
