"""Help now, and the plan for hard hours."""
