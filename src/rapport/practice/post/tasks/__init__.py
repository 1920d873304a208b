"""What the worker does for the post."""

from rapport.practice.post.tasks.delivery import deliver_due

__all__ = ["deliver_due"]
