"""What somebody is typing and has not sent yet."""
