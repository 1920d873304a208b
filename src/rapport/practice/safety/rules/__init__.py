"""Who is told and when; which rows somebody may see."""
