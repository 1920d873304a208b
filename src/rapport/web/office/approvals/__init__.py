"""Acts that need a second person, or a delay."""
