"""The practice itself: people, rooms, time zone, jurisdiction pack."""
