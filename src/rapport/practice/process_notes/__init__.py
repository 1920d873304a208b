"""The author's own notes, apart from the record."""
