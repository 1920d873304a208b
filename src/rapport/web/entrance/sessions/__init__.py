"""An hour, for whoever holds a link: a freed time to accept, a calendar to read."""
