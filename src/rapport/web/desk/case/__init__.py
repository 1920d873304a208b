"""One course as a whole, and all courses in one's care: what every duty knows, put together."""
