"""The course so far, and courses brought in from a spreadsheet."""
