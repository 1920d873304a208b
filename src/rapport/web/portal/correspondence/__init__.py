"""Messages and letters in the portal."""
