"""The closed words of an ending."""
