"""The hours: series, attendance, the room, progress notes."""
