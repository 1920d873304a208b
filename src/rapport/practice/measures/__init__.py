"""Questionnaires, goals and well-being, answered and scored."""
