"""How a course of therapy ends and what came of it."""
