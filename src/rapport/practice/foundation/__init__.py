"""What every row of the practice has in common."""
