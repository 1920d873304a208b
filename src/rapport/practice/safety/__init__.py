"""Alerts with an owner and a clock; the client's safety plan."""
