"""When forms are due, which instruments there are, which rows somebody may touch."""
