"""Writing a note: what it asks for, marks, what is still open, other people's names, wording."""
