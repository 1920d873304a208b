"""The hour itself: how it may be divided, what is noted in it, and what runs on from it."""
