"""What happens between two sessions, as the therapist sees it."""
