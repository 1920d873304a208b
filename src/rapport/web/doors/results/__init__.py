"""The service report: the same page for a therapist's own courses and for the practice, and the same on paper."""
