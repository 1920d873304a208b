"""Alerts and safety plans as the therapist works with them."""
