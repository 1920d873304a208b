"""The pages of the ways to speak."""
