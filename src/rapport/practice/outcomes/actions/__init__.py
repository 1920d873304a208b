"""What is done with courses: bringing them from a spreadsheet."""

from rapport.practice.outcomes.actions.importing import discard_staged, import_courses, stage_import

__all__ = ["discard_staged", "import_courses", "stage_import"]
