"""Outcomes: did it change beyond error, did it reach the healthy range, what could be expected, what it all says."""
