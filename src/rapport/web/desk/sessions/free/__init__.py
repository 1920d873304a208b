"""Time kept free, time that became free, and who waits for it; calendars of other programs."""
