"""What a next version might do to the tables: the kinds of change there are, each once."""
