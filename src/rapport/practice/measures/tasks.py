"""What the worker does for measures."""

from rapport.practice.measures.actions import rescore

__all__ = ["rescore"]
