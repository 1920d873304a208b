"""The closing of an hour, how the two work together over time, ruptures, licensed forms."""
